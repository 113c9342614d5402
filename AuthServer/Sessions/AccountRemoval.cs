using AuthServer.Data;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Sessions;

/// <summary>
/// Deletes an account: sign-ins, tokens, consent to apps, and the user. If a platform file created the account, its entry stays, so that
/// the next start does not create the account again.
/// </summary>
internal sealed class AccountRemoval(AuthDbContext context, UserManager<User> users, SessionEnd sessions)
{
    /// <summary>Cannot be cancelled, because nobody could use a half-deleted account.</summary>
    /// <exception cref="DbUpdateException">Somebody changed the account at the same time.</exception>
    public async Task RemoveAsync(Guid id, string reason)
    {
        // The sessions end first, so that the apps that hold tokens are told.
        await sessions.EndOfUserAsync(id, reason, CancellationToken.None);
        await context.Authorizations.Where(row => row.Subject == id.ToString()).ExecuteDeleteAsync(CancellationToken.None);
        context.ChangeTracker.Clear();
        if (await users.FindByIdAsync(id.ToString()) is { } user && !(await users.DeleteAsync(user)).Succeeded)
        {
            throw new DbUpdateException("The account was changed while it was deleted.");
        }
    }
}
