using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Users;

/// <summary>
/// Counts failed sign-ins with a password, by account and apart from strangers in each browser that the person has used before:
/// strangers cannot lock the owner out there. Parallel attempts are all counted, and a name without an account costs the same
/// statements as one with an account.
/// </summary>
internal sealed class Lockout(AuthDbContext context, SharedSecrets secrets, ILookupNormalizer normalizer, IOptions<IdentityOptions> options, TimeProvider time)
{
    private const string SecretName = "sign-in failures";

    private LockoutOptions Options => options.Value.Lockout;

    /// <summary>
    /// Whether the account may sign in, asked after the password was checked: what parallel attempts have done meanwhile
    /// counts. Forgets the failures of this browser, or those of strangers, if so.
    /// </summary>
    /// <param name="forgets">False where more is asked for: the right password must not make wrong codes forgotten.</param>
    public async Task<bool> TryPassAsync(User user, KnownBrowser? browser, CancellationToken cancellationToken, bool forgets = true)
    {
        var now = time.GetUtcNow();
        var mine = FailuresOf(user, browser);
        if (await Usable(user).Select(row => (bool?)mine.Any()).FirstOrDefaultAsync(cancellationToken) is not { } hasFailures)
        {
            return false;
        }

        if (!hasFailures)
        {
            return true;
        }

        var open = mine.Where(row => row.LockedUntil == null || row.LockedUntil <= now);
        return forgets
            ? await open.ExecuteDeleteAsync(cancellationToken) is 1 || !await mine.AnyAsync(cancellationToken)
            : await open.AnyAsync(cancellationToken) || !await mine.AnyAsync(cancellationToken);
    }

    /// <summary>Asked before what can be used once is used.</summary>
    public Task<bool> IsOpenAsync(User user, KnownBrowser? browser, CancellationToken cancellationToken) =>
        TryPassAsync(user, browser, cancellationToken, forgets: false);

    /// <param name="user">Null where nobody has the name.</param>
    /// <param name="name">As it was typed.</param>
    public async Task CountFailureAsync(User? user, string name, KnownBrowser? browser, CancellationToken cancellationToken)
    {
        var (account, place) = (await AccountAsync(user, name, cancellationToken), KnownBrowser.IdFor(browser, user));
        var limit = user is { LockoutEnabled: false } ? int.MaxValue : Options.MaxFailedAccessAttempts;
        if (await TryCountAsync(account, place, limit, cancellationToken))
        {
            return;
        }

        var now = time.GetUtcNow();
        var isFull = limit <= 1;
        var entry = context.Add(new SignInFailures
        {
            Account = account,
            Browser = place,
            Count = isFull ? 0 : 1,
            LockedUntil = isFull ? now + Options.DefaultLockoutTimeSpan : null,
            LastAt = now,
        });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another attempt at the same moment has made the row.
            entry.State = EntityState.Detached;
            if (!await TryCountAsync(account, place, limit, cancellationToken))
            {
                throw;
            }
        }
        finally
        {
            entry.State = EntityState.Detached;
        }
    }

    /// <summary>Forgets all failures at the account, in every browser.</summary>
    public Task ForgetAsync(User user, CancellationToken cancellationToken) =>
        context.Set<SignInFailures>().Where(row => row.Account == user.Id).ExecuteDeleteAsync(cancellationToken);

    /// <returns>The accounts whose password is locked for strangers, and until when. Ids that are no user's are among them.</returns>
    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset?>> LockedAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Set<SignInFailures>().AsNoTracking().Where(row => row.Browser == Guid.Empty && row.LockedUntil > now)
            .ToDictionaryAsync(row => row.Account, row => row.LockedUntil, cancellationToken);
    }

    private async Task<bool> TryCountAsync(Guid account, Guid browser, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? end = now + Options.DefaultLockoutTimeSpan;

        // Attempts during a lockout do not prolong it: the owner gets back in when it was said.
        return await context.Set<SignInFailures>().Where(row => row.Account == account && row.Browser == browser).ExecuteUpdateAsync(
            row => row
                .SetProperty(failures => failures.LockedUntil, failures =>
                    failures.LockedUntil > now ? failures.LockedUntil : failures.Count + 1 >= limit ? end : null)
                .SetProperty(failures => failures.Count, failures =>
                    failures.LockedUntil > now ? failures.Count : failures.Count + 1 >= limit ? 0 : failures.Count + 1)
                .SetProperty(failures => failures.LastAt, now),
            cancellationToken) is 1;
    }

    private IQueryable<User> Usable(User user) =>
        context.Users.Where(row => row.Id == user.Id && row.PasswordHash == user.PasswordHash && row.DisabledAt == null);

    private IQueryable<SignInFailures> FailuresOf(User user, KnownBrowser? browser)
    {
        var (account, place) = (user.Id, KnownBrowser.IdFor(browser, user));
        return context.Set<SignInFailures>().Where(row => row.Account == account && row.Browser == place);
    }

    // What was typed as a name may be a password: what is kept of it cannot be guessed back.
    private async Task<Guid> AccountAsync(User? user, string name, CancellationToken cancellationToken)
    {
        var secret = await secrets.FindAsync(SecretName, cancellationToken);
        var hash = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(normalizer.NormalizeName(name)));
        return user?.Id ?? new Guid(hash.AsSpan(0, 16));
    }
}
