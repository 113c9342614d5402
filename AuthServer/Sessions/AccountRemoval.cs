using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Sessions;

/// <summary>
/// Deletes an account: sign-ins, tokens, what apps were given, and the person. The entry of a platform file that made it stays,
/// so that the next start does not make it again.
/// </summary>
internal sealed class AccountRemoval(AuthDbContext context, UserManager<User> users, SessionEnd sessions)
{
    /// <summary>Does not heed that the caller has gone: half an account is none that anybody can use.</summary>
    /// <exception cref="DbUpdateException">Somebody changed the account at the same time.</exception>
    public async Task RemoveAsync(Guid id, string reason)
    {
        // First, so that the apps that hold tokens of it are told.
        await sessions.EndOfUserAsync(id, reason, CancellationToken.None);
        await context.Authorizations.Where(row => row.Subject == id.ToString()).ExecuteDeleteAsync(CancellationToken.None);
        context.ChangeTracker.Clear();
        if (await users.FindByIdAsync(id.ToString()) is { } user && !(await users.DeleteAsync(user)).Succeeded)
        {
            throw new DbUpdateException("The account was changed while it was deleted.");
        }
    }
}
