using System.Security.Cryptography;
using System.Text;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.Extensions.Options;

namespace AuthServer.Users;

/// <summary>
/// Counts wrong passwords and codes of each account. Each browser that the person has used before has its own count, so strangers cannot
/// lock the owner out there. Concurrent attempts are all counted. A name without an account costs the same statements as a name with an
/// account.
/// </summary>
internal sealed class Lockout(
    AuthDbContext context, SharedSecrets secrets, ILookupNormalizer normalizer, IOptions<IdentityOptions> options, TimeProvider time)
{
    private const string SecretName = "sign-in failures";

    private LockoutOptions Options => options.Value.Lockout;

    /// <summary>
    /// True if the account may sign in. It is called after the password was checked, so that failures of concurrent attempts count.
    /// If true, it also forgets the failures of this browser, or those of strangers.
    /// </summary>
    /// <param name="forgets">False if a code is still asked for: the right password must not erase the count of wrong codes.</param>
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

    /// <summary>Like <see cref="TryPassAsync"/>, but forgets nothing. Called before a code that works once is used up.</summary>
    public Task<bool> IsOpenAsync(User user, KnownBrowser? browser, CancellationToken cancellationToken) =>
        TryPassAsync(user, browser, cancellationToken, forgets: false);

    /// <param name="user">Null if no account has the name.</param>
    /// <param name="name">The name as it was typed.</param>
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
        var locked = isFull ? context.Record(Locked(account)) : null;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // A concurrent attempt has added the row, or has changed its count between the two statements.
            Forget(entry, locked);
            if (!await TryCountAsync(account, place, limit, cancellationToken)
                && !await TryCountAsync(account, place, limit, cancellationToken))
            {
                throw;
            }
        }
        finally
        {
            Forget(entry, locked);
        }
    }

    /// <summary>Forgets all failures at the account, in every browser.</summary>
    public async Task ForgetAsync(User user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var mine = context.Set<SignInFailures>().Where(row => row.Account == user.Id);
        await context.RecordAsync(
            token => mine.Where(row => row.LockedUntil > now).ExecuteDeleteAsync(token),
            new AuditFact(AuditActions.UserUnlocked, AuditTarget.User(user.Id)),
            cancellationToken);
        await mine.ExecuteDeleteAsync(cancellationToken);
    }

    /// <returns>
    /// The counts of accounts whose password is locked for strangers at this instant. Some accounts stand for unknown names, not for users.
    /// </returns>
    public IQueryable<SignInFailures> LockedAt(DateTimeOffset now) =>
        context.Set<SignInFailures>().AsNoTracking().Where(row => row.Browser == Guid.Empty && row.LockedUntil > now);

    private void Forget(EntityEntry<SignInFailures> entry, AuditEvent? locked)
    {
        entry.State = EntityState.Detached;
        if (locked is not null)
        {
            context.Entry(locked).State = EntityState.Detached;
        }
    }

    private async Task<bool> TryCountAsync(Guid account, Guid browser, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? end = now + Options.DefaultLockoutTimeSpan;

        // Attempts during a lockout do not prolong it: the owner can sign in again at the time that was set.
        var mine = context.Set<SignInFailures>().Where(row => row.Account == account && row.Browser == browser);
        return await mine.Where(row => row.LockedUntil > now || row.Count + 1 < limit).ExecuteUpdateAsync(
                row => row
                    .SetProperty(failures => failures.LockedUntil, failures => failures.LockedUntil > now ? failures.LockedUntil : null)
                    .SetProperty(failures => failures.Count, failures =>
                        failures.LockedUntil > now ? failures.Count : failures.Count + 1)
                    .SetProperty(failures => failures.LastAt, now),
                cancellationToken) is 1
            || await context.RecordAsync(
                token => mine.Where(row => (row.LockedUntil == null || row.LockedUntil <= now) && row.Count + 1 >= limit).ExecuteUpdateAsync(
                    row => row.SetProperty(failures => failures.LockedUntil, end).SetProperty(failures => failures.Count, 0)
                        .SetProperty(failures => failures.LastAt, now),
                    token),
                Locked(account),
                cancellationToken) is 1;
    }

    // Also for an unknown name: it must cost the same. Its event has an id that belongs to nobody. The refusals say from where.
    private static AuditFact Locked(Guid account) =>
        new(AuditActions.UserLocked, AuditTarget.User(account), "wrong_attempts") { HidesSource = true };

    private IQueryable<User> Usable(User user) =>
        context.Users.Where(row => row.Id == user.Id && row.PasswordHash == user.PasswordHash && row.DisabledAt == null);

    private IQueryable<SignInFailures> FailuresOf(User user, KnownBrowser? browser)
    {
        var (account, place) = (user.Id, KnownBrowser.IdFor(browser, user));
        return context.Set<SignInFailures>().Where(row => row.Account == account && row.Browser == place);
    }

    // The typed name may be a password, so only a keyed hash of it is stored.
    private async Task<Guid> AccountAsync(User? user, string name, CancellationToken cancellationToken)
    {
        var secret = await secrets.FindAsync(SecretName, cancellationToken);
        var hash = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(normalizer.NormalizeName(name)));
        return user?.Id ?? new Guid(hash.AsSpan(0, 16));
    }
}
