using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using static AuthServer.Audit.AuditField;

namespace AuthServer.SecondFactors;

/// <summary>A new authenticator app. Its other changes are recorded where they happen.</summary>
internal sealed class AuditedAuthenticator : AuditedEntity<Authenticator>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(Authenticator.UserId)] = Ignored,
        [nameof(Authenticator.ProtectedSecret)] = Ignored,
        [nameof(Authenticator.ConfirmedAt)] = Ignored,
        [nameof(Authenticator.LastStep)] = Ignored,
        [nameof(Authenticator.WrongCodes)] = Ignored,
        [nameof(Authenticator.BlockedUntil)] = Ignored,
        [nameof(Authenticator.LastUse)] = Ignored,
        [nameof(Authenticator.RecoveryCodes)] = Ignored,
    };

    protected override AuditTarget TargetOf(EntityEntry<Authenticator> entry) => AuditTarget.User(entry.Entity.UserId);

    protected override string ActionOf(EntityEntry<Authenticator> entry, IReadOnlySet<string> changed) =>
        entry.State is EntityState.Deleted ? AuditActions.AuthenticatorRemoved : AuditActions.AuthenticatorAdded;
}

/// <summary>A browser in which no code will be asked for.</summary>
internal sealed class AuditedBrowser : AuditedEntity<RememberedBrowser>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(RememberedBrowser.Id)] = Ignored,
        [nameof(RememberedBrowser.UserId)] = Ignored,
        [nameof(RememberedBrowser.SecurityStamp)] = Ignored,
        [nameof(RememberedBrowser.CreatedAt)] = Ignored,
        [nameof(RememberedBrowser.LastUsedAt)] = Ignored,
        [nameof(RememberedBrowser.ExpiresAt)] = Plain,
        [nameof(RememberedBrowser.Address)] = Ignored,
        [nameof(RememberedBrowser.UserAgent)] = Ignored,
    };

    protected override bool Concerns(EntityEntry<RememberedBrowser> entry) => entry.State is not EntityState.Modified;

    protected override AuditTarget TargetOf(EntityEntry<RememberedBrowser> entry) => AuditTarget.User(entry.Entity.UserId);

    protected override string ActionOf(EntityEntry<RememberedBrowser> entry, IReadOnlySet<string> changed) =>
        entry.State is EntityState.Deleted ? AuditActions.BrowserForgotten : AuditActions.BrowserRemembered;
}
