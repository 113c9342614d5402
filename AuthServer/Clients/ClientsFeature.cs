namespace AuthServer.Clients;

/// <summary>Owns the registered clients and scopes, and what is kept of them between requests. Serves no route.</summary>
internal static class ClientsFeature
{
    public static void AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientCache>();
        services.AddSingleton<ScopeCache>();
        services.AddSingleton<VerifiedSecrets>();
        services.AddScoped<ClientSecrets>();
    }

    public static void UseClientStores(this OpenIddictCoreBuilder core)
    {
        // The cache of OpenIddict lives for one request and would only stand before these.
        core.DisableEntityCaching();
        core.ReplaceApplicationStore<Client, ClientStore>();
        core.ReplaceScopeStore<Scope, ScopeStore>();
        core.ReplaceApplicationManager<Client, ClientManager>();
    }
}
