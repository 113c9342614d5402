namespace AuthServer.SecondFactors;

/// <summary>
/// Owns what people show besides their password: authenticator apps (RFC 6238), recovery codes, and which browsers need not be
/// asked again. The pages that ask are Account/'s. Serves no route.
/// </summary>
internal static class SecondFactorsFeature
{
    public static void AddSecondFactors(this IServiceCollection services)
    {
        services.AddScoped<Authenticators>();
        services.AddScoped<RememberedBrowsers>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<PendingSignIns>();
        services.AddScoped<Means>();
    }
}
