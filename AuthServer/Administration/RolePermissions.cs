using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Administration;

/// <summary>What a role allows. It is stored as claims of the role.</summary>
/// <param name="Scopes">Names of <see cref="AdminScopes"/>, or <see cref="AdminScopes.Everything"/>.</param>
/// <param name="UsersIn">If not empty: only with users who hold one of these roles.</param>
internal sealed record RolePermissions(Guid Role, IReadOnlyList<string> Scopes, IReadOnlyList<Guid> UsersIn)
{
    /// <summary>The type of a role claim whose value is a name of <see cref="AdminScopes"/>.</summary>
    public const string ScopeClaim = "admin_scope";

    /// <summary>The type of a role claim whose value is the id of a role.</summary>
    public const string UsersInClaim = "admin_users_in";

    /// <summary>The names of scopes that make no sense for a role that is limited to some users.</summary>
    public IEnumerable<string> UnlimitableScopes =>
        UsersIn.Count is 0 ? [] : Scopes.Where(scope => !AdminScopes.IsOfPeople(scope));
}

/// <summary>Reads and writes what roles allow.</summary>
internal sealed class RolePermissionStore(AuthDbContext context)
{
    /// <summary>One statement.</summary>
    public async Task<AdminPower> OfUserAsync(Guid user, CancellationToken cancellationToken) =>
        AdminPower.Of(Group(await (
            from held in context.UserRoles.AsNoTracking()
            join claim in context.RoleClaims.AsNoTracking() on held.RoleId equals claim.RoleId
            where held.UserId == user
            select claim).ToListAsync(cancellationToken)));

    public async Task<IReadOnlyList<RolePermissions>> OfRolesAsync(IReadOnlyCollection<Guid> roles, CancellationToken cancellationToken)
    {
        var claims = await context.RoleClaims.AsNoTracking().Where(claim => roles.Contains(claim.RoleId)).ToListAsync(cancellationToken);
        return [.. Group(claims)];
    }

    /// <summary>Everybody who may administer anything. They are few.</summary>
    public async Task<IReadOnlyDictionary<Guid, AdminPower>> HoldersAsync(CancellationToken cancellationToken)
    {
        var held = await (
            from claim in context.RoleClaims.AsNoTracking()
            join role in context.UserRoles.AsNoTracking() on claim.RoleId equals role.RoleId
            where claim.ClaimType == ScopeClaim || claim.ClaimType == UsersInClaim
            select new { role.UserId, claim }).ToListAsync(cancellationToken);
        return held.GroupBy(one => one.UserId)
            .ToDictionary(user => user.Key, user => AdminPower.Of(Group(user.Select(one => one.claim))));
    }

    /// <summary>The users who may do everything and are not locked.</summary>
    public async Task<IReadOnlyList<Guid>> FullAdminsAsync(CancellationToken cancellationToken)
    {
        var full = (await HoldersAsync(cancellationToken)).Where(holder => holder.Value.IsFull).Select(holder => holder.Key).ToList();
        return await context.Users.AsNoTracking().Where(user => full.Contains(user.Id) && user.DisabledAt == null)
            .Select(user => user.Id).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Makes concurrent changes of who may administer wait for each other until the end of the transaction, so that two of them cannot
    /// take away the last two full administrators.
    /// </summary>
    public Task WaitForOthersAsync(CancellationToken cancellationToken) =>
        context.Roles.ExecuteUpdateAsync(set => set.SetProperty(role => role.Name, role => role.Name), cancellationToken);

    /// <summary>Adds and removes claims so that the role allows exactly this. The caller saves.</summary>
    /// <returns>True if anything has changed.</returns>
    public async Task<bool> SetAsync(RolePermissions permissions, CancellationToken cancellationToken)
    {
        var wanted = permissions.Scopes.Select(scope => (Type: ScopeClaim, Value: scope))
            .Concat(permissions.UsersIn.Select(role => (Type: UsersInClaim, Value: role.ToString()))).ToHashSet();
        var present = await context.RoleClaims.Where(claim => claim.RoleId == permissions.Role
            && (claim.ClaimType == ScopeClaim || claim.ClaimType == UsersInClaim)).ToListAsync(cancellationToken);
        var superfluous = present.Where(claim => !wanted.Remove((claim.ClaimType!, claim.ClaimValue!))).ToList();
        context.RoleClaims.RemoveRange(superfluous);
        context.RoleClaims.AddRange(wanted.Select(claim => new IdentityRoleClaim<Guid>
        {
            RoleId = permissions.Role,
            ClaimType = claim.Type,
            ClaimValue = claim.Value,
        }));
        return superfluous.Count > 0 || wanted.Count > 0;
    }

    private const string ScopeClaim = RolePermissions.ScopeClaim;
    private const string UsersInClaim = RolePermissions.UsersInClaim;

    private static IEnumerable<RolePermissions> Group(IEnumerable<IdentityRoleClaim<Guid>> claims) => claims
        .GroupBy(claim => claim.RoleId)
        .Select(role => new RolePermissions(
            role.Key,
            [.. Values(role, ScopeClaim).Where(AdminScopes.IsPermission).Order(StringComparer.Ordinal)],
            [.. Values(role, UsersInClaim).Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty)]));

    private static IEnumerable<string> Values(IEnumerable<IdentityRoleClaim<Guid>> claims, string type) =>
        claims.Where(claim => claim.ClaimType == type).Select(claim => claim.ClaimValue!);
}
