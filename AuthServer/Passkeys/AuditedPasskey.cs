using AuthServer.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AuthServer.Passkeys;

/// <summary>What changes of passkeys mean in the audit. A sign-in changes the counter of a passkey; that is no event.</summary>
internal sealed class AuditedPasskey : AuditedEntity<IdentityUserPasskey<Guid>>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(IdentityUserPasskey<>.CredentialId)] = AuditField.Ignored,
        [nameof(IdentityUserPasskey<>.UserId)] = AuditField.Ignored,
    };

    protected override AuditTarget TargetOf(EntityEntry<IdentityUserPasskey<Guid>> entry) => AuditTarget.User(entry.Entity.UserId);

    // A new name is recorded by the page: it is in an entity of its own, together with the counter.
    protected override bool Concerns(EntityEntry<IdentityUserPasskey<Guid>> entry) => entry.State is not EntityState.Modified;

    protected override string ActionOf(EntityEntry<IdentityUserPasskey<Guid>> entry, IReadOnlySet<string> changed) =>
        entry.State is EntityState.Added ? AuditActions.PasskeyAdded : AuditActions.PasskeyRemoved;

    protected override AuditFact Complete(EntityEntry<IdentityUserPasskey<Guid>> entry, AuditFact fact) =>
        fact with
        {
            PersonalChanges = entry.State is EntityState.Added
                ? AuditFact.Set("name", entry.Entity.Data?.Name)
                : AuditFact.Changed("name", entry.Entity.Data?.Name, null),
        };
}
