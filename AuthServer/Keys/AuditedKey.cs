using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using static AuthServer.Audit.AuditField;

namespace AuthServer.Keys;

/// <summary>What changes of the issuer's keys mean in the audit.</summary>
internal sealed class AuditedKey : AuditedEntity<StoredKey>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(StoredKey.Id)] = Ignored,
        [nameof(StoredKey.Algorithm)] = Plain,
        [nameof(StoredKey.Generation)] = Plain,
        [nameof(StoredKey.KeyId)] = Ignored,
        [nameof(StoredKey.ProtectedMaterial)] = Ignored,
        [nameof(StoredKey.CreatedAt)] = Ignored,
        [nameof(StoredKey.ActiveFrom)] = Plain,
        [nameof(StoredKey.RevokedAt)] = Plain,
        [nameof(StoredKey.LongestLifetime)] = Ignored,
    };

    protected override AuditTarget TargetOf(EntityEntry<StoredKey> entry) => AuditTarget.Key(entry.Entity.KeyId);

    protected override string ActionOf(EntityEntry<StoredKey> entry, IReadOnlySet<string> changed) => entry.State switch
    {
        EntityState.Added => AuditActions.KeyCreated,
        EntityState.Deleted => AuditActions.KeyDeleted,
        _ when changed.Contains(nameof(StoredKey.RevokedAt)) => AuditActions.KeyRevoked,
        _ => AuditActions.KeyMovedUp,
    };
}
