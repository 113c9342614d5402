using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AuthServer.Sessions;

/// <summary>A new session is a sign-in, or an administrator who acts as the user. Its end, and a further sign-in in it, are recorded where they happen.</summary>
internal sealed class AuditedSession : AuditedEntity<Session>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(Session.Id)] = AuditField.Ignored,
        [nameof(Session.UserId)] = AuditField.Ignored,
        [nameof(Session.CreatedAt)] = AuditField.Ignored,
        [nameof(Session.AuthenticatedAt)] = AuditField.Ignored,
        [nameof(Session.Methods)] = AuditField.Plain,
        [nameof(Session.SecurityStamp)] = AuditField.Ignored,
        [nameof(Session.LastSeenAt)] = AuditField.Ignored,
        [nameof(Session.ExpiresAt)] = AuditField.Plain,
        [nameof(Session.BrowserExpiresAt)] = AuditField.Ignored,
        [nameof(Session.BrowserNonce)] = AuditField.Ignored,
        [nameof(Session.Address)] = AuditField.Personal,
        [nameof(Session.UserAgent)] = AuditField.Personal,
        [nameof(Session.ImpersonatorId)] = AuditField.Ignored,
        [nameof(Session.ImpersonatorSessionId)] = AuditField.Ignored,
        [nameof(Session.ImpersonationReason)] = AuditField.Personal,
        [nameof(Session.EndedAt)] = AuditField.Ignored,
        [nameof(Session.EndReason)] = AuditField.Ignored,
    };

    private static readonly string[] Source = ["address", "userAgent"];

    protected override bool Concerns(EntityEntry<Session> entry) => entry.State is EntityState.Added;

    protected override AuditTarget TargetOf(EntityEntry<Session> entry) => AuditTarget.Session(entry.Entity.Id, entry.Entity.UserId);

    protected override string ActionOf(EntityEntry<Session> entry, IReadOnlySet<string> changed) =>
        entry.Entity.ImpersonatorId is null ? AuditActions.SignInPassed : AuditActions.ImpersonationStarted;

    // The administrator's address and browser are the source of the event. Among the changes, readers of the user's events would see them.
    protected override AuditFact Complete(EntityEntry<Session> entry, AuditFact fact) => entry.Entity.ImpersonatorId is not null
        ? fact with { PersonalChanges = fact.PersonalChanges?.Where(change => !Source.Contains(change.Key)).ToDictionary() }
        : fact with { IsOwnAct = true, Reason = entry.Entity.IsOnNewDevice ? AuditReasons.NewDevice : null };
}
