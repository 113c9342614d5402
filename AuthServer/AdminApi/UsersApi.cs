using AuthServer.Account;
using AuthServer.Administration;
using AuthServer.Mail;
using AuthServer.Operations;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/users</c>: people, with their roles and what they sign in with.</summary>
internal static class UsersApi
{
    private const int MostRoles = 100;

    public static void MapUsers(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users");
        users.MapGet("", ListAsync).Requires(UsersRead).WithName("listUsers")
            .WithSummary("Lists users in the order of their names, or finds them by what one knows of them.").WithAnswerExample("""
                {
                  "items": [
                    {
                      "id": "01a22de2-b655-7178-bae5-9fae00000000", "name": "erin", "email": "erin@example.com", "emailConfirmed": true,
                      "displayName": "Erin Eom", "state": "active", "createdAt": "2026-11-30T12:00:00Z", "disabledAt": null,
                      "lockedOutUntil": null, "roles": ["support"]
                    }
                  ],
                  "next": "WyJFUklOIl0"
                }
                """);
        users.MapPost("", AddAsync).Requires(UsersWrite).WithName("addUser").WithSummary("Adds a user.")
            .WithExample("""{ "email": "erin@example.com", "name": "erin", "displayName": "Erin Eom", "roles": [] }""");
        users.MapGet("/{id:guid}", ShowAsync).Requires(UsersRead).WithName("showUser").WithSummary("Shows a user.")
            .WithAnswerExample("""
                {
                  "id": "01a22de2-b655-7178-bae5-9fae00000000", "name": "erin", "email": "erin@example.com", "emailConfirmed": true,
                  "displayName": "Erin Eom", "state": "active", "createdAt": "2026-11-30T12:00:00Z", "disabledAt": null,
                  "lockedOutUntil": null, "roles": ["support"], "language": "en", "hasPassword": true,
                  "authenticatorSince": "2026-11-30T12:05:00Z",
                  "passkeys": [{ "id": "q83vEjRWeJA", "name": "My laptop", "createdAt": "2026-11-30T12:10:00Z" }], "activeSessions": 2
                }
                """);
        users.MapPatch("/{id:guid}", ChangeAsync).Requires(UsersWrite).WithName("changeUser")
            .WithSummary("Changes a user (RFC 7396). Sign-ins continue. A new address needs what a new password needs.").RequiresVersion()
            .WithExample("""{ "displayName": "Erin Eom", "language": "en" }""");
        users.MapDelete("/{id:guid}", DeleteAsync).Requires(UsersWrite, isFresh: true).WithName("deleteUser")
            .WithSummary("Deletes a user for good, with all their data, and ends their sign-ins.").RequiresVersion();
        users.MapPost("/{id:guid}/lock", LockAsync).Requires(UsersWrite).WithName("lockUser")
            .WithSummary("Locks an account until it is unlocked, and ends its sign-ins.");
        users.MapPost("/{id:guid}/unlock", UnlockAsync).Requires(UsersWrite).WithName("unlockUser")
            .WithSummary("Unlocks an account, including one locked out after wrong passwords.");
        users.MapPost("/{id:guid}/password", SetPasswordAsync).Requires(UsersCredentials, isFresh: true).WithName("setUserPassword")
            .WithSummary("Sets a password, and ends the user's sign-ins.")
            .WithExample("""{ "password": "a pass phrase that nobody else has" }""");
        users.MapPost("/{id:guid}/invite", InviteAsync).Requires(UsersWrite).WithName("inviteUser")
            .WithSummary("Mails the user a link to choose a password, good for a day.");
        users.MapPost("/{id:guid}/reset-factors", ResetFactorsAsync).Requires(UsersCredentials, isFresh: true).WithName("resetUserFactors")
            .WithSummary("Removes the authenticator app, recovery codes and passkeys, ends the user's sign-ins, and mails the user.");
        users.MapPost("/{id:guid}/roles/{role}", GiveRoleAsync).Requires(UsersWrite).WithName("giveUserRole")
            .WithSummary("Gives a user a role.");
        users.MapDelete("/{id:guid}/roles/{role}", TakeRoleAsync).Requires(UsersWrite).WithName("takeUserRole")
            .WithSummary("Takes a role away from a user.");
    }

    /// <param name="id">The <c>sub</c>.</param>
    /// <param name="session">A <c>sid</c>: the user of this sign-in.</param>
    /// <param name="email">The whole address.</param>
    /// <param name="name">The whole user name or address.</param>
    /// <param name="prefix">The beginning of the user name.</param>
    /// <param name="role">Only holders of this role.</param>
    /// <param name="locked">Only those whom an administrator has locked, or only the others.</param>
    internal static async Task<Ok<Page<UserSummary>>> ListAsync(
        HttpContext http, AdminCaller caller, AdminAuthority authority, UserQueries queries, CancellationToken cancellationToken,
        Guid? id = null, Guid? session = null, string? email = null, string? name = null, string? prefix = null, string? role = null,
        bool? locked = null, string? cursor = null, int? limit = null)
    {
        var paging = Paging.Read(cursor, limit, 1);
        var filter = new UserFilter
        {
            Id = id,
            Session = session,
            Email = email,
            Name = name,
            NamePrefix = prefix,
            Role = role,
            IsLocked = locked,
        };
        var rows = await queries.PageAsync(
            authority.Visible(caller, UsersRead), filter, paging.Text, paging.Limit + 1,
            cancellationToken);
        return TypedResults.Ok(paging.PageOf(http, rows, row => [row.Position], row => row.User));
    }

    private static async Task<Created<UserView>> AddAsync(
        HttpContext http, Body<UserInput> body, AdminCaller caller, AdminChallenge challenge, AdminAuthority authority,
        UserOperations users, UserQueries queries, CancellationToken cancellationToken)
    {
        var input = body.Value;
        var roles = (input.Roles ?? []).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (roles.Count > MostRoles)
        {
            throw Require.Wrong("roles", $"There are more than {MostRoles}.");
        }

        // Otherwise somebody could sign in with an address that nobody has shown to be theirs.
        var isForCredentials = input.Password is not null || input.EmailConfirmed;
        if (isForCredentials)
        {
            challenge.Authorize(http, caller, new AdminOperation(UsersCredentials, IsFresh: true));
        }

        Require.Text("email", input.Email);
        Require.OptionalText("name", input.Name);
        Require.OptionalText("displayName", input.DisplayName);

        var given = await authority.RequireRolesAsync(http, caller, roles, cancellationToken);

        // Otherwise the caller could add somebody whom they may not see.
        if ((caller.Allowed.RolesFor(UsersWrite) is { } bound && !given.Any(bound.Contains))
            || (isForCredentials && caller.Allowed.RolesFor(UsersCredentials) is { } boundToo && !given.Any(boundToo.Contains)))
        {
            throw new AdminProblem(ProblemKind.TooPowerful, "You may add only users in one of the roles that you administer.");
        }

        var added = await users.AddAsync(
            new NewUser(input.Name, input.Email, input.EmailConfirmed, input.DisplayName, roles, input.Password), cancellationToken);
        var view = await queries.ViewAsync(added, cancellationToken);
        EntityTag.Send(http, view.Version);
        return TypedResults.Created($"{AdministrationFeature.Path}/users/{view.Id}", view);
    }

    private static async Task<Ok<UserView>> ShowAsync(
        Guid id, HttpContext http, AdminCaller caller, AdminAuthority authority, UserQueries queries, CancellationToken cancellationToken) =>
        await ViewAsync(http, queries, await authority.FindAsync(caller, UsersRead, id, cancellationToken), cancellationToken);

    private static async Task<Ok<UserView>> ChangeAsync(
        Guid id, Body<UserPatch> body, HttpContext http, AdminCaller caller, AdminChallenge challenge, AdminAuthority authority,
        UserOperations users, UserQueries queries, CancellationToken cancellationToken)
    {
        var known = await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        EntityTag.Require(http, known.ConcurrencyStamp);
        var patch = body.Value;

        // Whoever reads the mails of the address can set the password.
        if (patch.Email.IsSent || patch.EmailConfirmed.IsSent)
        {
            challenge.Authorize(http, caller, new AdminOperation(UsersCredentials, IsFresh: true));
            await authority.FindToChangeAsync(caller, UsersCredentials, id, cancellationToken);
        }

        Require.SentText("name", patch.Name);
        Require.SentText("email", patch.Email);
        Require.SentOptionalText("displayName", patch.DisplayName);
        if (patch.Language is { IsSent: true, Value: { } language } && !UiLocales.All.Contains(language))
        {
            throw Require.Wrong("language", $"It is one of {string.Join(", ", UiLocales.All)}.");
        }

        if (patch is { EmailConfirmed: { IsSent: true, Value: false }, Email.IsSent: false })
        {
            throw Require.Wrong("emailConfirmed", "It cannot be taken back, except together with a new address.");
        }

        var changed = await users.ChangeAsync(
            id,
            known.ConcurrencyStamp,
            user =>
            {
                user.UserName = patch.Name.IsSent ? UserNames.Clean(patch.Name.Value) ?? patch.Name.Value : user.UserName;
                user.Email = patch.Email.IsSent ? EmailAddress.Clean(patch.Email.Value) ?? patch.Email.Value : user.Email;
                user.EmailConfirmed = patch.EmailConfirmed.Over(user.EmailConfirmed);
                user.DisplayName = patch.DisplayName.Over(user.DisplayName);
                user.Language = patch.Language.Over(user.Language);
            },
            cancellationToken);
        return await ViewAsync(http, queries, changed, cancellationToken);
    }

    private static async Task<NoContent> DeleteAsync(
        Guid id, HttpContext http, AdminCaller caller, AdminAuthority authority, UserOperations users, CancellationToken cancellationToken)
    {
        var known = await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        EntityTag.Require(http, known.ConcurrencyStamp);
        await authority.KeepingAnAdministratorAsync(
            caller, () => users.DeleteAsync(id, known.ConcurrencyStamp, cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<UserView>> LockAsync(
        Guid id, HttpContext http, AdminCaller caller, AdminAuthority authority, UserOperations users, UserQueries queries,
        CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        await authority.KeepingAnAdministratorAsync(caller, () => users.LockAsync(id, cancellationToken), cancellationToken);
        return await ViewAsync(http, authority, queries, caller, UsersWrite, id, cancellationToken);
    }

    private static async Task<Ok<UserView>> UnlockAsync(
        Guid id, HttpContext http, AdminCaller caller, AdminAuthority authority, UserOperations users, UserQueries queries,
        CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        await users.UnlockAsync(id, cancellationToken);
        return await ViewAsync(http, authority, queries, caller, UsersWrite, id, cancellationToken);
    }

    private static async Task<NoContent> SetPasswordAsync(
        Guid id, Body<PasswordInput> body, AdminCaller caller, AdminAuthority authority, UserOperations users,
        CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersCredentials, id, cancellationToken);
        await users.SetPasswordAsync(id, body.Value.Password, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> InviteAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, UserOperations users, MailThrottle throttle,
        CancellationToken cancellationToken)
    {
        var user = await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        if (!throttle.TryMail(MailKind.Invitation, user.Email ?? ""))
        {
            throw new AdminProblem(ProblemKind.Conflict, "The address has got enough mails for now: try again in an hour.");
        }

        await users.InviteAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResetFactorsAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, UserOperations users, CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersCredentials, id, cancellationToken);
        await users.ResetFactorsAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<UserView>> GiveRoleAsync(
        Guid id, PathName role, HttpContext http, AdminCaller caller, AdminAuthority authority, UserOperations users, UserQueries queries,
        CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        await authority.RequireRolesAsync(http, caller, [role], cancellationToken);
        await users.GiveRoleAsync(id, role, cancellationToken);
        return await ViewAsync(http, authority, queries, caller, UsersWrite, id, cancellationToken);
    }

    private static async Task<NoContent> TakeRoleAsync(
        Guid id, PathName role, HttpContext http, AdminCaller caller, AdminAuthority authority, UserOperations users, CancellationToken cancellationToken)
    {
        await authority.FindToChangeAsync(caller, UsersWrite, id, cancellationToken);
        await authority.RequireRolesAsync(http, caller, [role], cancellationToken);
        await authority.KeepingAnAdministratorAsync(caller, () => users.TakeRoleAsync(id, role, cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<UserView>> ViewAsync(
        HttpContext http, AdminAuthority authority, UserQueries queries, AdminCaller caller, string scope, Guid id,
        CancellationToken cancellationToken) =>
        await ViewAsync(http, queries, await authority.FindAsync(caller, scope, id, cancellationToken), cancellationToken);

    private static async Task<Ok<UserView>> ViewAsync(
        HttpContext http, UserQueries queries, User user, CancellationToken cancellationToken)
    {
        var view = await queries.ViewAsync(user, cancellationToken);
        EntityTag.Send(http, view.Version);
        return TypedResults.Ok(view);
    }
}
