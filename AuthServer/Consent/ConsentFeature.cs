using AuthServer.Pages;

namespace AuthServer.Consent;

/// <summary>Owns what people have allowed apps that are not the house's own. Routes <c>/consent</c>.</summary>
internal static class ConsentFeature
{
    public static void AddConsent(this IServiceCollection services)
    {
        services.AddScoped<Consents>();
        services.AddScoped<ScopeTexts>();
    }
}
