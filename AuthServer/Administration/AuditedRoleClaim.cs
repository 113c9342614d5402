using AuthServer.Audit;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using static AuthServer.Audit.AuditField;

namespace AuthServer.Administration;

/// <summary>What a role allows has changed: see <see cref="RolePermissions"/>.</summary>
internal sealed class AuditedRoleClaim : AuditedEntity<IdentityRoleClaim<Guid>>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(IdentityRoleClaim<>.Id)] = Ignored,
        [nameof(IdentityRoleClaim<>.RoleId)] = Plain,
        [nameof(IdentityRoleClaim<>.ClaimType)] = Plain,
        [nameof(IdentityRoleClaim<>.ClaimValue)] = Plain,
    };

    protected override AuditTarget TargetOf(EntityEntry<IdentityRoleClaim<Guid>> entry) => AuditTarget.Role(
        entry.Context.Set<Role>().Local.FindEntry(entry.Entity.RoleId)?.Entity.Name ?? entry.Entity.RoleId.ToString());

    protected override string ActionOf(EntityEntry<IdentityRoleClaim<Guid>> entry, IReadOnlySet<string> changed) =>
        entry.State is EntityState.Deleted ? AuditActions.RolePermissionTaken : AuditActions.RolePermissionGiven;
}
