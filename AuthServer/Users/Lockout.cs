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

    public bool IsLockedOut(User user) => user.LockoutEnd > time.GetUtcNow();

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

    public async Task ForgetFailuresAsync(User user, CancellationToken cancellationToken)
    {
        if (user.AccessFailedCount > 0 || user.LockoutEnd is not null)
        {
            await context.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(
                row => row.SetProperty(user => user.AccessFailedCount, 0).SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null),
                cancellationToken);
        }
    }
}
