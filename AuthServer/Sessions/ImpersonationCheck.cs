using AuthServer.Administration;
using AuthServer.Data;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>
/// Decides whether an administrator may act as a user: when the link is used, and again with each page, each refresh and each introspection.
/// </summary>
internal sealed class ImpersonationCheck(
    AuthDbContext context, RolePermissionStore permissions, IOptions<ImpersonationOptions> options, TimeProvider time)
{
    /// <returns>The administrator, not tracked; null if they may not, or not any more, or the time is over.</returns>
    public async Task<User?> FindAsync(Impersonation impersonation, CancellationToken cancellationToken)
    {
        var (administrator, session, user, endsAt) = impersonation;
        if (!options.Value.Enabled || endsAt <= time.GetUtcNow())
        {
            return null;
        }

        var now = time.GetUtcNow();

        // The stamp of an impersonation is never a user's, so nobody acts as a user through another impersonation.
        var person = await (
            from own in context.Sessions.AsNoTracking()
            join holder in context.Users.AsNoTracking() on own.UserId equals holder.Id
            where own.Id == session && own.EndedAt == null && own.ExpiresAt > now && own.SecurityStamp == holder.SecurityStamp
                && holder.Id == administrator && holder.DisabledAt == null
            select holder).SingleOrDefaultAsync(cancellationToken);
        return person is not null
            && await MayActAsAsync(await permissions.OfUserAsync(administrator, cancellationToken), user, cancellationToken)
                ? person
                : null;
    }

    public async Task<bool> HoldsAsync(Impersonation impersonation, CancellationToken cancellationToken) =>
        await FindAsync(impersonation, cancellationToken) is not null;

    /// <param name="impersonation">Null for a sign-in of the user, which nothing here ends.</param>
    /// <returns>Why the session must end now, a code of <see cref="SessionEndReasons"/>; null if it may go on.</returns>
    public async Task<string?> ReasonToEndAsync(Impersonation? impersonation, CancellationToken cancellationToken) =>
        impersonation is null || await HoldsAsync(impersonation, cancellationToken) ? null
        : impersonation.EndsAt <= time.GetUtcNow() ? SessionEndReasons.ImpersonationOver
        : SessionEndReasons.ImpersonationNotAllowed;

    private async Task<bool> MayActAsAsync(AdminPower power, Guid user, CancellationToken cancellationToken)
    {
        if (!power.Has(AdminScopes.UsersImpersonate))
        {
            return false;
        }

        var roles = power.RolesFor(AdminScopes.UsersImpersonate);
        return (roles is null
                || await context.UserRoles.AnyAsync(held => held.UserId == user && roles.Contains(held.RoleId), cancellationToken))
            && await context.Users.AnyAsync(
                row => row.Id == user && row.DisabledAt == null && row.EmailConfirmed, cancellationToken)
            && (await permissions.OfUserAsync(user, cancellationToken)).IsNone;
    }
}
