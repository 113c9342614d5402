using AuthServer.Audit;
namespace AuthServer.Clients;

/// <summary>
/// Owns the registered clients and scopes, the rows of authorizations and tokens, and the caches between requests. Serves no route.
/// The platform file (Platform/) registers and changes clients; the protocol that they speak is in Connect/.
/// </summary>
internal static class ClientsFeature
{
    public static void AddClients(this IServiceCollection services)
    {
        services.AddSingleton<IAuditedEntity, AuditedClient>();
        services.AddSingleton<IAuditedEntity, AuditedClientSecret>();
        services.AddSingleton<IAuditedEntity, AuditedScope>();
        services.AddSingleton<ClientCache>();
        services.AddSingleton<ScopeCache>();
        services.AddSingleton<VerifiedSecrets>();
        services.AddScoped<ClientSecrets>();
    }

    public static void UseClientStores(this OpenIddictCoreBuilder core)
    {
        // OpenIddict's own cache lives for one request only, which adds nothing to the stores below.
        core.DisableEntityCaching();
        core.ReplaceApplicationStore<Client, ClientStore>();
        core.ReplaceScopeStore<Scope, ScopeStore>();
        core.ReplaceApplicationManager<Client, ClientManager>();
    }
}
