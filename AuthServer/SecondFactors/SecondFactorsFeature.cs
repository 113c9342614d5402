using AuthServer.Audit;
namespace AuthServer.SecondFactors;

/// <summary>
/// Owns what people show besides their password: authenticator apps (RFC 6238), recovery codes, and the browsers that are known or
/// remembered. The pages that ask are in Account/, and passkeys are in Passkeys/. Serves no route.
/// </summary>
internal static class SecondFactorsFeature
{
    public static void AddSecondFactors(this IServiceCollection services)
    {
        services.AddSingleton<IAuditedEntity, AuditedAuthenticator>();
        services.AddSingleton<IAuditedEntity, AuditedBrowser>();
        services.AddScoped<Authenticators>();
        services.AddScoped<RememberedBrowsers>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<PendingSignIns>();
        services.AddScoped<AvailableFactors>();
    }
}
