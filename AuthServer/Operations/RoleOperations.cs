using AuthServer.Administration;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Operations;

/// <summary>A role, and what it allows in the administration API.</summary>
/// <param name="Scopes">Scopes of the administration API.</param>
/// <param name="UsersIn">If not empty: only with users who hold one of these roles.</param>
/// <param name="Holders">How many users have it.</param>
internal sealed record RoleView(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> UsersIn, int Holders)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public Guid Id { get; init; }

    /// <summary>Changes with every change of the role.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Version { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public RolePermissions Permissions { get; init; } = new(Guid.Empty, [], []);
}

/// <summary>What operators do with roles.</summary>
internal sealed class RoleOperations(AuthDbContext context, RoleManager<Role> roles, RolePermissionStore permissions)
{
    /// <summary>In the order of names. Roles are few.</summary>
    public async Task<IReadOnlyList<RoleView>> ListAsync(string? name, CancellationToken cancellationToken)
    {
        var normalized = name is null ? null : roles.NormalizeKey(name);
        var rows = await context.Roles.AsNoTracking().Where(role => normalized == null || role.NormalizedName == normalized)
            .Select(role => new { Role = role, Holders = context.UserRoles.Count(held => held.RoleId == role.Id) })
            .ToListAsync(cancellationToken);
        var names = await context.Roles.AsNoTracking().ToDictionaryAsync(role => role.Id, role => role.Name!, cancellationToken);
        var allowed = (await permissions.OfRolesAsync([.. rows.Select(row => row.Role.Id)], cancellationToken))
            .ToDictionary(role => role.Role);
        return
        [
            .. rows.OrderBy(row => row.Role.Name, StringComparer.Ordinal).Select(row =>
            {
                var one = allowed.GetValueOrDefault(row.Role.Id) ?? new RolePermissions(row.Role.Id, [], []);
                return new RoleView(
                    row.Role.Name!,
                    one.Scopes,
                    [.. one.UsersIn.Select(id => names.GetValueOrDefault(id) ?? $"deleted role {id}").Order(StringComparer.Ordinal)],
                    row.Holders)
                {
                    Id = row.Role.Id,
                    Version = row.Role.ConcurrencyStamp,
                    Permissions = one,
                };
            }),
        ];
    }

    /// <exception cref="OperationException">There is no such role.</exception>
    public async Task<RoleView> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ListAsync(name, cancellationToken)).SingleOrDefault()
        ?? throw new OperationException(OperationFault.NotFound, $"There is no role '{name}'.");

    /// <exception cref="OperationException">A scope or a role does not exist, or a scope cannot be limited.</exception>
    public async Task<RolePermissions> PermissionsAsync(
        IReadOnlyList<string> scopes, IReadOnlyList<string> usersIn, CancellationToken cancellationToken)
    {
        if (scopes.FirstOrDefault(scope => !AdminScopes.IsPermission(scope)) is { } unknown)
        {
            throw new OperationException(OperationFault.Invalid, $"'{unknown}' is no scope of the administration API.", "scopes");
        }

        var ids = new List<Guid>();
        foreach (var name in usersIn)
        {
            ids.Add((await roles.FindByNameAsync(name))?.Id
                ?? throw new OperationException(OperationFault.Invalid, $"There is no role '{name}'.", "usersIn"));
        }

        var wanted = new RolePermissions(Guid.Empty, [.. scopes.Distinct()], [.. ids.Distinct()]);
        return wanted.UnlimitableScopes.FirstOrDefault() is { } scope
            ? throw new OperationException(OperationFault.Invalid, $"'{scope}' is not about users and cannot be limited to some.", "usersIn")
            : wanted;
    }

    public Task AddAsync(string name, RolePermissions wanted, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var role = new Role { Name = name };
            UserOperations.Check(await roles.CreateAsync(role));
            await permissions.SetAsync(wanted with { Role = role.Id }, token);
            await context.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <param name="name">The new name; null to keep it.</param>
    public Task ChangeAsync(Guid id, string? name, RolePermissions wanted, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var role = await roles.FindByIdAsync(id.ToString())
                ?? throw new OperationException(OperationFault.NotFound, "The role was deleted meanwhile.");
            role.Name = name ?? role.Name;
            if (await permissions.SetAsync(wanted with { Role = id }, token) || context.Entry(role).State is not EntityState.Unchanged)
            {
                UserOperations.Check(await roles.UpdateAsync(role));
            }
        },
        cancellationToken);

    /// <summary>Its holders lose what it allowed.</summary>
    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var role = await roles.FindByIdAsync(id.ToString())
                ?? throw new OperationException(OperationFault.NotFound, "The role was deleted meanwhile.");

            // One by one through the context, so that the audit has what everybody loses.
            context.UserRoles.RemoveRange(await context.UserRoles.Where(held => held.RoleId == id).ToListAsync(token));
            await permissions.SetAsync(new RolePermissions(id, [], []), token);
            await context.SaveChangesAsync(token);
            UserOperations.Check(await roles.DeleteAsync(role));
        },
        cancellationToken);
}
