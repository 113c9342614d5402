using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using OtpNet;

namespace AuthServer.SecondFactors;

/// <summary>A set-up in progress. The page's form carries it, so that a form sent twice leads to the same recovery codes.</summary>
/// <param name="Secret">In base32.</param>
internal sealed record AuthenticatorSetup(
    Guid User, Guid Session, string SecurityStamp, string Secret, IReadOnlyList<string> RecoveryCodes);

/// <summary>Sets up authenticator apps and checks codes. A conditional update accepts each code only once.</summary>
internal sealed class Authenticators(AuthDbContext context, IDataProtectionProvider protection, TimeProvider time)
{
    private const int SecretBytes = 20;
    private const int Digits = 6;

    // NIST SP 800-63B 5.2.2. An attacker who has the password or the mailbox may try 100 codes, with a chance of 3 in 10,000. After that,
    // ten codes a day have a chance of 3 in 100,000 each day.
    private const int MostAtOnce = 100;
    private const int AlarmEvery = 10;

    // The phone's clock may be half a minute fast or slow.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private readonly ProtectedValue<AuthenticatorSetup> setups = new("AuthenticatorSetup", TimeSpan.FromMinutes(10), protection, time);
    private readonly IDataProtector protector = protection.CreateProtector(typeof(Authenticators).FullName!);

    public Task<Authenticator?> FindAsync(Guid user, CancellationToken cancellationToken) =>
        context.Set<Authenticator>().AsNoTracking().SingleOrDefaultAsync(row => row.UserId == user, cancellationToken);

    /// <summary>Begins a set-up, with a new secret each time: a person who saw an earlier secret does not have the factor.</summary>
    /// <returns>
    /// The secret in base32, as apps accept it; and the text that the form must bring back within ten minutes in this session.
    /// </returns>
    public (string Secret, string Setup) Begin(BrowserSession present)
    {
        var secret = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (secret, setups.Protect(new(present.User.Id, present.Session.Id, present.User.Stamp, secret, RecoveryCodes.Create())));
    }

    /// <returns>The set-up that a form has brought back; null if it has expired or is of another session.</returns>
    public AuthenticatorSetup? FindSetup(BrowserSession present, string? setup) =>
        setups.Unprotect(setup) is { } begun && begun.User == present.User.Id && begun.Session == present.Session.Id ? begun : null;

    /// <summary>Completes the set-up: from now on, a sign-in with the password asks for a code.</summary>
    /// <param name="also">Work in the same transaction, so that nobody sees one change without the other.</param>
    /// <returns>False if the code is wrong, or the account already has an authenticator.</returns>
    public async Task<bool> TryConfirmAsync(AuthenticatorSetup setup, string code, Func<Task> also, CancellationToken cancellationToken)
    {
        var (user, bytes) = (setup.User, Base32Encoding.ToBytes(setup.Secret));
        if (StepOf(bytes, code) is not { } step || await FindAsync(user, cancellationToken) is not null)
        {
            return false;
        }

        var authenticator = new Authenticator
        {
            UserId = user,
            ProtectedSecret = Convert.ToBase64String(protector.Protect(bytes)),
            ConfirmedAt = time.GetUtcNow(),
            LastStep = step,
            LastUse = CodeUse.Write(CodeOutcome.OneTime, CodeUse.Of(setup.Secret, code), time.GetUtcNow()),
            RecoveryCodes = RecoveryCodes.HashAll(setup.RecoveryCodes),
        };
        try
        {
            await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None);
                context.Add(authenticator);
                await context.SaveChangesAsync(CancellationToken.None);
                await SetEnabledAsync(user, true);
                await also();
                await transaction.CommitAsync(CancellationToken.None);
            });
        }
        catch (DbUpdateException)
        {
            // A concurrent request has set up an authenticator.
            context.ChangeTracker.Clear();
            return false;
        }

        return true;
    }

    /// <summary>True if this code has completed this set-up a moment ago, so that its recovery codes may be shown again.</summary>
    public async Task<bool> IsConfirmedAsync(AuthenticatorSetup setup, string code, CancellationToken cancellationToken) =>
        await FindAsync(setup.User, cancellationToken) is { ConfirmedAt: not null } known
        && CodeUse.Repeated(known.LastUse, CodeUse.Of(setup.Secret, code), time.GetUtcNow()) is not null
        && known.RecoveryCodes == RecoveryCodes.HashAll(setup.RecoveryCodes);

    /// <param name="form">
    /// Identifies the form that the code came in. The same form with the same code gets the same answer for a moment.
    /// </param>
    public async Task<CodeResult> TryAsync(Guid user, string code, string form, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is not { ConfirmedAt: not null } authenticator)
        {
            return new(CodeOutcome.Wrong);
        }

        var (use, now) = (CodeUse.Of(form, code), time.GetUtcNow());
        if (CodeUse.Repeated(authenticator.LastUse, use, now) is { } known)
        {
            return new(known, IsRepeated: true);
        }

        var (asOneTime, asRecovery) = (CodeUse.Write(CodeOutcome.OneTime, use, now), CodeUse.Write(CodeOutcome.Recovery, use, now));
        var mine = context.Set<Authenticator>().Where(row => row.UserId == user);
        if (RecoveryCodes.Without(authenticator.RecoveryCodes, code) is { } left
            && await context.RecordAsync(
                token => mine.Where(row => row.RecoveryCodes == authenticator.RecoveryCodes).ExecuteUpdateAsync(
                    set => Forgive(set).SetProperty(row => row.RecoveryCodes, left).SetProperty(row => row.LastUse, asRecovery), token),
                new AuditFact(AuditActions.RecoveryCodeUsed, AuditTarget.User(user)) { IsOwnAct = true },
                cancellationToken) is 1)
        {
            return new(CodeOutcome.Recovery);
        }

        if (!await TryCountAsync(mine, cancellationToken))
        {
            return new(CodeOutcome.Blocked);
        }

        if (SecretOf(authenticator) is { } secret && StepOf(secret, code) is { } step
            && await mine.Where(row => row.LastStep < step).ExecuteUpdateAsync(
                set => Forgive(set).SetProperty(row => row.LastStep, step).SetProperty(row => row.LastUse, asOneTime),
                cancellationToken) is 1)
        {
            return new(CodeOutcome.OneTime);
        }

        // Read after counting, so that the attempt that reaches the next multiple of ten sees it even among concurrent ones.
        var seen = await mine.AsNoTracking().Select(row => new { row.WrongCodes, row.LastUse }).SingleOrDefaultAsync(cancellationToken);
        if (CodeUse.Repeated(seen?.LastUse, use, now) is { } twin)
        {
            // The same form came at the same moment and was accepted there, so this is no failure.
            await mine.ExecuteUpdateAsync(set => Forgive(set), cancellationToken);
            return new(twin, IsRepeated: true);
        }

        return new(seen?.WrongCodes / AlarmEvery > authenticator.WrongCodes / AlarmEvery ? CodeOutcome.Alarming : CodeOutcome.Wrong);
    }

    // A right code resets the count of wrong ones.
    private static UpdateSettersBuilder<Authenticator> Forgive(UpdateSettersBuilder<Authenticator> set) =>
        set.SetProperty(row => row.WrongCodes, 0).SetProperty(row => row.BlockedUntil, (DateTimeOffset?)null);

    // Counted before the code is checked, so concurrent attempts cannot exceed the limit.
    private async Task<bool> TryCountAsync(IQueryable<Authenticator> mine, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? tomorrow = now + TimeSpan.FromDays(1);
        return await mine.Where(row => row.BlockedUntil == null || row.BlockedUntil <= now).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.WrongCodes, row => row.WrongCodes + 1)
                .SetProperty(
                    row => row.BlockedUntil,
                    row => row.WrongCodes + 1 >= MostAtOnce && (row.WrongCodes + 1) % AlarmEvery == 0 ? tomorrow : null),
            cancellationToken) is 1;
    }

    /// <returns>New recovery codes. The earlier ones no longer work.</returns>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Guid user, CancellationToken cancellationToken)
    {
        var codes = RecoveryCodes.Create();
        var kept = RecoveryCodes.HashAll(codes);
        await context.RecordAsync(
            token => context.Set<Authenticator>().Where(row => row.UserId == user)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RecoveryCodes, kept), token),
            new AuditFact(AuditActions.RecoveryCodesReplaced, AuditTarget.User(user)),
            cancellationToken);
        return codes;
    }

    public Task RemoveAsync(Guid user) => context.TransactAsync(_ => RemoveWithinAsync(user), CancellationToken.None);

    /// <summary>Removes the authenticator and its recovery codes in the caller's transaction.</summary>
    public async Task RemoveWithinAsync(Guid user)
    {
        await context.RecordAsync(
            token => context.Set<Authenticator>().Where(row => row.UserId == user).ExecuteDeleteAsync(token),
            new AuditFact(AuditActions.AuthenticatorRemoved, AuditTarget.User(user)),
            CancellationToken.None);
        await SetEnabledAsync(user, false);
    }

    /// <summary>Makes all recovery codes invalid. The authenticator app still works.</summary>
    public Task RemoveCodesAsync(Guid user) => context.RecordAsync(
        token => context.Set<Authenticator>().Where(row => row.UserId == user && row.RecoveryCodes != "")
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RecoveryCodes, ""), token),
        new AuditFact(AuditActions.RecoveryCodesRemoved, AuditTarget.User(user)),
        CancellationToken.None);

    private Task<int> SetEnabledAsync(Guid user, bool isEnabled) => context.Users.Where(row => row.Id == user)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.TwoFactorEnabled, isEnabled), CancellationToken.None);

    private long? StepOf(byte[] secret, string code)
    {
        var digits = TypedCode.Normalize(code);
        return digits.Length is Digits && new Totp(secret).VerifyTotp(time.GetUtcNow().UtcDateTime, digits, out var step, Window)
            ? step
            : null;
    }

    // Null if the key that protects the secret is gone.
    private byte[]? SecretOf(Authenticator authenticator)
    {
        try
        {
            return protector.Unprotect(Convert.FromBase64String(authenticator.ProtectedSecret));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
