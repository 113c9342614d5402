using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using static AuthServer.Audit.AuditField;

namespace AuthServer.Clients;

/// <summary>What changes of clients mean in the audit.</summary>
internal sealed class AuditedClient : AuditedEntity<Client>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(Client.Id)] = Ignored,
        [nameof(Client.ApplicationType)] = Plain,
        [nameof(Client.ClientId)] = Plain,
        [nameof(Client.ClientSecret)] = Secret,
        [nameof(Client.ClientType)] = Plain,
        [nameof(Client.ConcurrencyToken)] = Ignored,
        [nameof(Client.ConsentType)] = Plain,
        [nameof(Client.DisplayName)] = Plain,
        [nameof(Client.DisplayNames)] = Plain,
        [nameof(Client.JsonWebKeySet)] = Plain,
        [nameof(Client.Permissions)] = Plain,
        [nameof(Client.PostLogoutRedirectUris)] = Plain,
        [nameof(Client.Properties)] = Plain,
        [nameof(Client.RedirectUris)] = Plain,
        [nameof(Client.Requirements)] = Plain,
        [nameof(Client.Settings)] = Plain,
        [nameof(Client.DisabledAt)] = Plain,
    };

    protected override AuditTarget TargetOf(EntityEntry<Client> entry) => AuditTarget.Client(entry.Entity.ClientId ?? "");

    protected override string ActionOf(EntityEntry<Client> entry, IReadOnlySet<string> changed) => entry.State switch
    {
        EntityState.Added => AuditActions.ClientCreated,
        EntityState.Deleted => AuditActions.ClientDeleted,
        _ when changed.Contains(nameof(Client.DisabledAt)) =>
            entry.Entity.DisabledAt is null ? AuditActions.ClientEnabled : AuditActions.ClientDisabled,
        _ when changed.Contains(nameof(Client.ClientSecret)) => AuditActions.ClientSecretRotated,
        _ => AuditActions.ClientChanged,
    };
}

/// <summary>A secret that an app has besides the one in its row.</summary>
internal sealed class AuditedClientSecret : AuditedEntity<ClientSecret>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(ClientSecret.Id)] = Ignored,
        [nameof(ClientSecret.ClientId)] = Ignored,
        [nameof(ClientSecret.Name)] = Plain,
        [nameof(ClientSecret.Hash)] = Secret,
        [nameof(ClientSecret.CreatedAt)] = Ignored,
        [nameof(ClientSecret.ExpiresAt)] = Plain,
    };

    protected override AuditTarget TargetOf(EntityEntry<ClientSecret> entry) => AuditTarget.Client(
        entry.Context.Set<Client>().Local.FindEntry(entry.Entity.ClientId)?.Entity.ClientId ?? entry.Entity.ClientId.ToString());

    protected override string ActionOf(EntityEntry<ClientSecret> entry, IReadOnlySet<string> changed) => entry.State switch
    {
        EntityState.Added => AuditActions.ClientSecretAdded,
        EntityState.Deleted => AuditActions.ClientSecretRemoved,
        _ => AuditActions.ClientChanged,
    };
}

/// <summary>What changes of scopes mean in the audit.</summary>
internal sealed class AuditedScope : AuditedEntity<Scope>
{
    public override IReadOnlyDictionary<string, AuditField> Fields { get; } = new Dictionary<string, AuditField>(StringComparer.Ordinal)
    {
        [nameof(Scope.Id)] = Ignored,
        [nameof(Scope.ConcurrencyToken)] = Ignored,
        [nameof(Scope.Description)] = Plain,
        [nameof(Scope.Descriptions)] = Plain,
        [nameof(Scope.DisplayName)] = Plain,
        [nameof(Scope.DisplayNames)] = Plain,
        [nameof(Scope.Name)] = Plain,
        [nameof(Scope.Properties)] = Plain,
        [nameof(Scope.Resources)] = Plain,
    };

    protected override AuditTarget TargetOf(EntityEntry<Scope> entry) => AuditTarget.Scope(entry.Entity.Name ?? "");

    protected override string ActionOf(EntityEntry<Scope> entry, IReadOnlySet<string> changed) => entry.State switch
    {
        EntityState.Added => AuditActions.ScopeCreated,
        EntityState.Deleted => AuditActions.ScopeDeleted,
        _ => AuditActions.ScopeChanged,
    };
}
