using AuthServer.Account;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Operations;

/// <param name="Name">The user name; null for the address.</param>
/// <param name="Password">Null for none: the person sets one by the link of a mail.</param>
internal sealed record NewUser(
    string? Name, string Email, bool EmailConfirmed, string? DisplayName, IReadOnlyList<string> Roles, string? Password);

/// <summary>
/// What operators do with accounts, at the command line and through the administration API. Each operation is one transaction, or a part
/// of the caller's.
/// </summary>
internal sealed class UserOperations(
    AuthDbContext context,
    UserManager<User> users,
    RoleManager<Role> roles,
    SessionEnd sessions,
    AccountRemoval removal,
    Lockout lockout,
    Authenticators authenticators,
    AccountMails mails,
    AuditActor actor,
    TimeProvider time)
{
    public static OperationException NoUser(string which) => new(OperationFault.NotFound, $"There is no user '{which}'.");

    /// <exception cref="OperationException">A value is not allowed or taken, or there is no such role.</exception>
    public async Task<User> AddAsync(NewUser wanted, CancellationToken cancellationToken)
    {
        var user = new User
        {
            UserName = UserNames.Clean(wanted.Name ?? wanted.Email) ?? wanted.Name ?? wanted.Email,
            Email = EmailAddress.Clean(wanted.Email) ?? wanted.Email,
            EmailConfirmed = wanted.EmailConfirmed,
            DisplayName = wanted.DisplayName,
            CreatedAt = time.GetUtcNow(),
        };

        // Before the transaction: a hash takes long, and on SQLite everybody else would wait for it.
        if (wanted.Password is { } password)
        {
            user.PasswordHash = await HashAsync(user, password);
        }

        return await context.TransactAsync(
            async token =>
            {
                await CheckRolesAsync(wanted.Roles);
                Check(await users.CreateAsync(user));
                if (wanted.Roles.Count > 0)
                {
                    Check(await users.AddToRolesAsync(user, wanted.Roles));
                }

                return user;
            },
            cancellationToken);
    }

    /// <exception cref="OperationException">There is no such role.</exception>
    public async Task CheckRolesAsync(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            await RoleAsync(name);
        }
    }

    /// <summary>Changes the account as <paramref name="change"/> does. Sign-ins continue.</summary>
    /// <exception cref="OperationException">A value is not allowed or taken, or somebody changed the account meanwhile.</exception>
    /// <param name="version">The concurrency stamp that the caller has seen; null for any.</param>
    public Task<User> ChangeAsync(Guid id, string? version, Action<User> change, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            var user = await FindAsync(id);
            RequireVersion(user, version);
            change(user);
            if (context.Entry(user).State is not EntityState.Unchanged)
            {
                Check(await users.UpdateAsync(user));
            }

            return user;
        },
        cancellationToken);

    /// <summary>Ends the user's sign-ins.</summary>
    public async Task SetPasswordAsync(Guid id, string password, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(await FindAsync(id), password);
        await context.TransactAsync(
            async _ =>
            {
                var user = await FindAsync(id);
                user.PasswordHash = hash;
                await EndSignInsAsync(user, SessionEndReasons.CredentialsChanged);
            },
            cancellationToken);
    }

    /// <summary>Ends the user's sign-ins. Nothing happens if the account is locked already.</summary>
    public Task LockAsync(Guid id, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            var user = await FindAsync(id);
            user.DisabledAt ??= time.GetUtcNow();
            await EndSignInsAsync(user, SessionEndReasons.UserDisabled);
        },
        cancellationToken);

    /// <summary>Also forgets wrong passwords.</summary>
    public Task UnlockAsync(Guid id, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var user = await FindAsync(id);
            user.DisabledAt = null;
            Check(await users.UpdateAsync(user));
            await lockout.ForgetAsync(user, token);
        },
        cancellationToken);

    /// <summary>Mails the user a link to choose a password. Whoever uses it has shown that the address is theirs.</summary>
    /// <returns>The same link, for an operator who has no mail server.</returns>
    /// <exception cref="OperationException">The account is locked.</exception>
    public Task<Uri> InviteAsync(Guid id, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            var user = await FindAsync(id);
            return user.DisabledAt is null
                ? await mails.InviteAsync(user)
                : throw new OperationException(OperationFault.Conflict, $"{user.UserName} is locked.");
        },
        cancellationToken);

    /// <summary>What <see cref="ResetFactorsAsync"/> would remove.</summary>
    public async Task<(bool HasAuthenticator, int Passkeys)> FactorsAsync(Guid id, CancellationToken cancellationToken) => (
        (await authenticators.FindAsync(id, cancellationToken))?.ConfirmedAt is not null,
        await PasskeysOf(id).CountAsync(cancellationToken));

    /// <summary>
    /// Removes the authenticator app, the recovery codes and all passkeys, ends the user's sign-ins, and mails the user.
    /// </summary>
    public Task ResetFactorsAsync(Guid id, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            // One cause, and so one mail to the user.
            actor.Cause = AuditReasons.FactorsReset;
            await authenticators.RemoveWithinAsync(id);
            await context.RecordAsync(
                inner => PasskeysOf(id).ExecuteDeleteAsync(inner),
                new AuditFact(AuditActions.PasskeyRemoved, AuditTarget.User(id)),
                token);

            // What was read before is out of date.
            context.ChangeTracker.Clear();
            await EndSignInsAsync(await FindAsync(id), SessionEndReasons.CredentialsChanged);
        },
        cancellationToken);

    /// <summary>Removes a passkey. Sign-ins continue.</summary>
    /// <exception cref="OperationException">The user has no such passkey.</exception>
    public Task RemovePasskeyAsync(Guid id, byte[] credentialId, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            var user = await FindAsync(id);
            if (await users.GetPasskeyAsync(user, credentialId) is null)
            {
                throw new OperationException(OperationFault.NotFound, "The user has no such passkey.");
            }

            Check(await users.RemovePasskeyAsync(user, credentialId));
        },
        cancellationToken);

    /// <summary>Deletes the user for good, with all their data, and ends their sign-ins.</summary>
    /// <param name="version">The concurrency stamp that the caller has seen; null for any.</param>
    public Task DeleteAsync(Guid id, string? version, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            RequireVersion(await FindAsync(id), version);
            await removal.RemoveAsync(id, SessionEndReasons.AccountDeleted);
        },
        cancellationToken);

    /// <summary>Tokens show the change from the next refresh or sign-in on.</summary>
    /// <returns>The role's name as it is stored.</returns>
    /// <exception cref="OperationException">There is no such role, or the user has it already.</exception>
    public Task<string> GiveRoleAsync(Guid id, string role, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            var (user, name) = (await FindAsync(id), await RoleAsync(role));
            if (await users.IsInRoleAsync(user, name))
            {
                throw new OperationException(OperationFault.Conflict, $"{user.UserName} has the role already: {name}.");
            }

            Check(await users.AddToRoleAsync(user, name));
            return name;
        },
        cancellationToken);

    /// <inheritdoc cref="GiveRoleAsync"/>
    /// <exception cref="OperationException">There is no such role, or the user does not have it.</exception>
    public Task<string> TakeRoleAsync(Guid id, string role, CancellationToken cancellationToken) => context.TransactAsync(
        async _ =>
        {
            var (user, name) = (await FindAsync(id), await RoleAsync(role));
            if (!await users.IsInRoleAsync(user, name))
            {
                throw new OperationException(OperationFault.Conflict, $"{user.UserName} does not have the role: {name}.");
            }

            Check(await users.RemoveFromRoleAsync(user, name));
            return name;
        },
        cancellationToken);

    private IQueryable<IdentityUserPasskey<Guid>> PasskeysOf(Guid id) =>
        context.Set<IdentityUserPasskey<Guid>>().Where(passkey => passkey.UserId == id);

    private async Task<User> FindAsync(Guid id) => await users.FindByIdAsync(id.ToString()) ?? throw NoUser(id.ToString());

    private static void RequireVersion(User user, string? version)
    {
        if (version is not null && version != user.ConcurrencyStamp)
        {
            throw new OperationException(OperationFault.Stale, "The user was changed meanwhile.");
        }
    }

    private async Task<string> RoleAsync(string name) => (RoleNameValidator.IsName(name) ? await roles.FindByNameAsync(name) : null)?.Name
        ?? throw new OperationException(OperationFault.Invalid, $"There is no role '{name}'.", "roles");

    private async Task<string> HashAsync(User user, string password)
    {
        foreach (var validator in users.PasswordValidators)
        {
            Check(await validator.ValidateAsync(users, user, password));
        }

        return users.PasswordHasher.HashPassword(user, password);
    }

    // A new security stamp, so that no earlier sign-in can refresh. Then the end of the sessions, so that introspection knows.
    private async Task EndSignInsAsync(User user, string reason)
    {
        Check(await users.UpdateSecurityStampAsync(user));
        await sessions.EndOfUserAsync(user.Id, reason, CancellationToken.None);
    }

    /// <exception cref="OperationException"><paramref name="result"/> is a failure.</exception>
    public static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            var (fault, field) = OperationFaults.Of(result.Errors.First().Code);
            throw new OperationException(
                fault, string.Join(Environment.NewLine, result.Errors.Select(error => error.Description)), field);
        }
    }
}
