using System.Security.Cryptography;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using OtpNet;

namespace AuthServer.SecondFactors;

/// <summary>A set-up under way, which the form of the page carries, so that the form sent twice leads to the same recovery codes.</summary>
/// <param name="Secret">In base32.</param>
internal sealed record AuthenticatorSetup(Guid User, Guid Session, string SecurityStamp, string Secret, IReadOnlyList<string> RecoveryCodes);

/// <summary>Sets authenticator apps up and checks their codes. A code is taken once, by one conditional update.</summary>
internal sealed class Authenticators(AuthDbContext context, IDataProtectionProvider protection, TimeProvider time)
{
    private const int SecretBytes = 20;
    private const int Digits = 6;

    // NIST SP 800-63B 5.2.2. Whoever has the password or the mailbox guesses one with a chance of three in ten thousand, and
    // then, at ten a day, of three in a hundred thousand each day.
    private const int MostAtOnce = 100;
    private const int AlarmEvery = 10;

    // A clock may be half a minute off, on either side.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private readonly ProtectedValue<AuthenticatorSetup> setups = new("AuthenticatorSetup", TimeSpan.FromMinutes(10), protection, time);
    private readonly IDataProtector protector = protection.CreateProtector(typeof(Authenticators).FullName!);

    public Task<Authenticator?> FindAsync(Guid user, CancellationToken cancellationToken) =>
        context.Set<Authenticator>().AsNoTracking().SingleOrDefaultAsync(row => row.UserId == user, cancellationToken);

    /// <summary>Starts the set-up, with a new secret each time: somebody who saw an earlier one does not own the factor.</summary>
    /// <returns>The secret, in base32 as apps take it; and what the form has to bring back, for ten minutes and in this session.</returns>
    public (string Secret, string Setup) Begin(BrowserSession present)
    {
        var secret = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (secret, setups.Protect(new(present.User.Id, present.Session.Id, present.User.SecurityStamp ?? "", secret, RecoveryCodes.Create())));
    }

    /// <returns>The set-up that a form has brought back; null when it is too old, or of another session.</returns>
    public AuthenticatorSetup? FindSetup(BrowserSession present, string? setup) =>
        setups.Unprotect(setup) is { } begun && begun.User == present.User.Id && begun.Session == present.Session.Id ? begun : null;

    /// <summary>Ends the set-up: from now on a sign-in with the password asks for a code.</summary>
    /// <param name="also">What happens with it, in one transaction: nobody sees the one without the other.</param>
    /// <returns>False when the code is wrong, or the account has an authenticator already.</returns>
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
            RecoveryCodes = RecoveryCodes.Keep(setup.RecoveryCodes),
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
            // Twice at once: the other has set it up.
            context.ChangeTracker.Clear();
            return false;
        }

        return true;
    }

    /// <summary>Whether this set-up was confirmed by this code a moment ago, and its recovery codes may be shown once more.</summary>
    public async Task<bool> IsConfirmedAsync(AuthenticatorSetup setup, string code, CancellationToken cancellationToken) =>
        await FindAsync(setup.User, cancellationToken) is { ConfirmedAt: not null } known
        && CodeUse.Repeated(known.LastUse, CodeUse.Of(setup.Secret, code), time.GetUtcNow()) is not null
        && known.RecoveryCodes == RecoveryCodes.Keep(setup.RecoveryCodes);

    /// <param name="form">Names the form that the code came in: with the same code it is answered as it was a moment before.</param>
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
            && await mine.Where(row => row.RecoveryCodes == authenticator.RecoveryCodes).ExecuteUpdateAsync(
                set => Forgive(set).SetProperty(row => row.RecoveryCodes, left).SetProperty(row => row.LastUse, asRecovery),
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

        // Of several at once, the one that made the number full sees it.
        var seen = await mine.AsNoTracking().Select(row => new { row.WrongCodes, row.LastUse }).SingleOrDefaultAsync(cancellationToken);
        if (CodeUse.Repeated(seen?.LastUse, use, now) is { } twin)
        {
            // The same form at the same moment: the other one was right, so this is no failure.
            await mine.ExecuteUpdateAsync(set => Forgive(set), cancellationToken);
            return new(twin, IsRepeated: true);
        }

        return new(seen?.WrongCodes / AlarmEvery > authenticator.WrongCodes / AlarmEvery ? CodeOutcome.Alarming : CodeOutcome.Wrong);
    }

    // The wrong ones before a right one.
    private static UpdateSettersBuilder<Authenticator> Forgive(UpdateSettersBuilder<Authenticator> set) =>
        set.SetProperty(row => row.WrongCodes, 0).SetProperty(row => row.BlockedUntil, (DateTimeOffset?)null);

    // Before it is looked at, so that of any number at once no more are than may be.
    private async Task<bool> TryCountAsync(IQueryable<Authenticator> mine, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? tomorrow = now + TimeSpan.FromDays(1);
        return await mine.Where(row => row.BlockedUntil == null || row.BlockedUntil <= now).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.WrongCodes, row => row.WrongCodes + 1)
                .SetProperty(row => row.BlockedUntil, row => row.WrongCodes + 1 >= MostAtOnce && (row.WrongCodes + 1) % AlarmEvery == 0 ? tomorrow : null),
            cancellationToken) is 1;
    }

    /// <returns>New recovery codes; those of before are worth nothing from now on.</returns>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Guid user, CancellationToken cancellationToken)
    {
        var codes = RecoveryCodes.Create();
        var kept = RecoveryCodes.Keep(codes);
        await context.Set<Authenticator>().Where(row => row.UserId == user)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RecoveryCodes, kept), cancellationToken);
        return codes;
    }

    public Task RemoveAsync(Guid user) => context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        await using var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None);
        await context.Set<Authenticator>().Where(row => row.UserId == user).ExecuteDeleteAsync(CancellationToken.None);
        await SetEnabledAsync(user, false);
        await transaction.CommitAsync(CancellationToken.None);
    });

    private Task<int> SetEnabledAsync(Guid user, bool isEnabled) => context.Users.Where(row => row.Id == user)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.TwoFactorEnabled, isEnabled), CancellationToken.None);

    private long? StepOf(byte[] secret, string code)
    {
        var digits = TypedCode.Plain(code);
        return digits.Length is Digits && new Totp(secret).VerifyTotp(time.GetUtcNow().UtcDateTime, digits, out var step, Window) ? step : null;
    }

    // Null when the keys that protected it are gone.
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
