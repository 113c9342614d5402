using AuthServer.Administration;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Users;

namespace AuthServer.Operations;

/// <summary>Makes the first administrator, and any other that an operator at the command line wants.</summary>
internal sealed class AdminInvitation(
    AuthDbContext context, UserLookup lookup, UserOperations users, RoleOperations roles, RolePermissionStore permissions)
{
    public const string DefaultRole = "administrator";

    /// <summary>One transaction.</summary>
    /// <param name="email">If it is the address of nobody, a user is added.</param>
    /// <param name="role">If there is no role of this name, it is added.</param>
    /// <returns>The user, and the link of the mail.</returns>
    /// <exception cref="OperationException">There is a role of this name that does not allow everything; or no user can have the address.</exception>
    public Task<(User User, Uri Link)> InviteAsync(string email, string role, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            if ((await roles.ListAsync(role, token)).SingleOrDefault() is not { } known)
            {
                await roles.AddAsync(role, new RolePermissions(Guid.Empty, [AdminScopes.Everything], []), token);
            }
            else if (!AdminPower.Of([known.Permissions]).IsFull)
            {
                throw new OperationException(
                    OperationFault.Conflict, $"The role '{known.Name}' does not allow everything: name another one with --role.", "role");
            }

            var user = await lookup.FindAsync(email, token)
                ?? await users.AddAsync(new NewUser(null, email, EmailConfirmed: false, null, [], null), token);
            if (!(await permissions.OfUserAsync(user.Id, token)).IsFull)
            {
                await users.GiveRoleAsync(user.Id, role, token);
            }

            return (user, await users.InviteAsync(user.Id, token));
        },
        cancellationToken);
}
