namespace AuthServer.Consent;

/// <summary>
/// Owns what people have allowed apps, and the page that asks them: <c>/consent</c>. The authorize endpoint (Connect/) decides when to ask;
/// Account/Manage/Apps shows what was allowed and takes it back.
/// </summary>
internal static class ConsentFeature
{
    public static void AddConsent(this IServiceCollection services) => services.AddScoped<Consents>();
}
