using AuthServer.Administration;
using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>A role to be added.</summary>
/// <param name="Name">Apps see it in the claim <c>roles</c>.</param>
/// <param name="Scopes">What it allows in the administration API.</param>
/// <param name="UsersIn">Names of roles: it is allowed only with their holders.</param>
internal sealed record RoleInput(string Name, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? UsersIn = null);

/// <summary>What changes of a role. A field that is not sent stays as it is.</summary>
internal sealed record RolePatch
{
    /// <summary>A new name. Tokens have it from their next refresh on.</summary>
    public Patched<string> Name { get; init; }

    /// <summary>What it allows in the administration API.</summary>
    public Patched<IReadOnlyList<string>?> Scopes { get; init; }

    /// <summary>Names of roles: it is allowed only with their holders.</summary>
    public Patched<IReadOnlyList<string>?> UsersIn { get; init; }
}

/// <summary><c>/roles</c>: roles, and what they allow here.</summary>
internal static class RolesApi
{
    public static void MapRoles(this RouteGroupBuilder api)
    {
        var roles = api.MapGroup("/roles").WithTags("Roles");
        roles.MapGet("", ListAsync).Requires(RolesRead).WithName("listRoles").WithSummary("Lists all roles.");
        roles.MapPost("", AddAsync).Requires(RolesWrite).WithName("addRole").WithSummary("Adds a role.")
            .WithExample("""{ "name": "support", "scopes": ["admin.users.read", "admin.sessions.end"], "usersIn": [] }""");
        roles.MapGet("/{name}", ShowAsync).Requires(RolesRead).WithName("showRole").WithSummary("Shows a role.");
        roles.MapPatch("/{name}", ChangeAsync).Requires(RolesWrite).WithName("changeRole").WithSummary("Changes a role (RFC 7396).")
            .RequiresVersion().WithExample("""{ "scopes": ["admin.users.read"] }""");
        roles.MapDelete("/{name}", DeleteAsync).Requires(RolesWrite, isFresh: true).WithName("deleteRole")
            .WithSummary("Deletes a role. Its holders lose what it allowed.").RequiresVersion();
    }

    private static async Task<Ok<Page<RoleView>>> ListAsync(RoleOperations roles, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<RoleView>(await roles.ListAsync(null, cancellationToken), null));

    private static async Task<Ok<RoleView>> ShowAsync(
        PathName name, HttpContext http, RoleOperations roles, CancellationToken cancellationToken) =>
        Answer(http, await roles.FindAsync(name, cancellationToken));

    private static async Task<Created<RoleView>> AddAsync(
        Body<RoleInput> body, HttpContext http, AdminCaller caller, AdminAuthority authority, RoleOperations roles,
        CancellationToken cancellationToken)
    {
        var input = body.Value;
        Require.Name("name", input.Name);
        var wanted = await roles.PermissionsAsync(input.Scopes ?? [], input.UsersIn ?? [], cancellationToken);
        authority.RequireGiving(http, caller, AdminPower.Of([wanted]));
        await roles.AddAsync(input.Name, wanted, cancellationToken);
        var added = await roles.FindAsync(input.Name, cancellationToken);
        EntityTag.Send(http, added.Version);
        return TypedResults.Created($"{AdministrationFeature.Path}/roles/{Uri.EscapeDataString(added.Name)}", added);
    }

    private static Task<Ok<RoleView>> ChangeAsync(
        PathName name, Body<RolePatch> body, HttpContext http, AdminCaller caller, AdminAuthority authority, RoleOperations roles,
        CancellationToken cancellationToken) => authority.KeepingAnAdministratorAsync(
        caller,
        async () =>
        {
            var known = await roles.FindAsync(name, cancellationToken);
            EntityTag.Require(http, known.Version);
            authority.RequireGiving(http, caller, AdminPower.Of([known.Permissions]));
            var patch = body.Value;
            if (patch.Name.IsSent)
            {
                Require.Name("name", patch.Name.Value ?? "");
            }

            var wanted = await roles.PermissionsAsync(
                patch.Scopes.Over(known.Scopes) ?? [], patch.UsersIn.Over(known.UsersIn) ?? [], cancellationToken);
            authority.RequireGiving(http, caller, AdminPower.Of([wanted]));
            await roles.ChangeAsync(known.Id, patch.Name.IsSent ? patch.Name.Value : null, wanted, cancellationToken);
            return Answer(http, await roles.FindAsync(patch.Name.Over(known.Name), cancellationToken));
        },
        cancellationToken);

    private static Task<NoContent> DeleteAsync(
        PathName name, HttpContext http, AdminCaller caller, AdminAuthority authority, RoleOperations roles,
        CancellationToken cancellationToken) => authority.KeepingAnAdministratorAsync(
        caller,
        async () =>
        {
            var known = await roles.FindAsync(name, cancellationToken);
            EntityTag.Require(http, known.Version);
            authority.RequireGiving(http, caller, AdminPower.Of([known.Permissions]));
            await roles.DeleteAsync(known.Id, cancellationToken);
            return TypedResults.NoContent();
        },
        cancellationToken);

    private static Ok<RoleView> Answer(HttpContext http, RoleView role)
    {
        EntityTag.Send(http, role.Version);
        return TypedResults.Ok(role);
    }
}
