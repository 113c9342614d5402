using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Users;

/// <summary>
/// Counts failed sign-ins an account, in one statement: parallel attempts are all counted, and an account that does
/// not exist costs the same statement as one that does.
/// </summary>
internal sealed class Lockout(AuthDbContext context, IOptions<IdentityOptions> options, TimeProvider time)
{
    private LockoutOptions Options => options.Value.Lockout;

    /// <summary>
    /// Whether the account may sign in, asked after the password was checked: what parallel attempts have done meanwhile
    /// counts. Forgets the failures if so.
    /// </summary>
    /// <param name="forgets">False where more is asked for: the right password must not make wrong codes forgotten.</param>
    public async Task<bool> TryPassAsync(User user, CancellationToken cancellationToken, bool forgets = true)
    {
        var open = Open(user);
        if (!forgets)
        {
            return await open.AnyAsync(cancellationToken);
        }

        if (await open.Select(row => (bool?)(row.AccessFailedCount > 0 || row.LockoutEnd != null)).FirstOrDefaultAsync(cancellationToken) is not { } hasFailures)
        {
            return false;
        }

        return !hasFailures || await open.ExecuteUpdateAsync(
            row => row.SetProperty(user => user.AccessFailedCount, 0).SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null), cancellationToken) is 1;
    }

    /// <summary>Asked before what can be used once is used.</summary>
    public Task<bool> IsOpenAsync(User user, CancellationToken cancellationToken) => Open(user).AnyAsync(cancellationToken);

    private IQueryable<User> Open(User user)
    {
        var now = time.GetUtcNow();
        return context.Users.Where(row =>
            row.Id == user.Id && row.PasswordHash == user.PasswordHash && row.DisabledAt == null && (row.LockoutEnd == null || row.LockoutEnd <= now));
    }

    public Task CountFailureAsync(User? user, CancellationToken cancellationToken)
    {
        var id = user?.Id ?? Guid.Empty;
        var now = time.GetUtcNow();
        var end = now + Options.DefaultLockoutTimeSpan;
        var limit = Options.MaxFailedAccessAttempts;

        // Attempts during a lockout do not prolong it: the owner gets back in when it was said.
        return context.Users
            .Where(row => row.Id == id && row.LockoutEnabled && (row.LockoutEnd == null || row.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(user => user.LockoutEnd, user => user.AccessFailedCount + 1 >= limit ? end : user.LockoutEnd)
                    .SetProperty(user => user.AccessFailedCount, user => user.AccessFailedCount + 1 >= limit ? 0 : user.AccessFailedCount + 1),
                cancellationToken);
    }
}
