using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace SampleClient.App;

/// <summary>
/// The identity of this app, the directory it writes to, and its pages. A page is in the folder of its feature, and its URL is the
/// folder's path. Every page requires a sign-in unless it says otherwise. Routes: the Razor pages, the static assets, /favicon.svg.
/// </summary>
internal static class AppFeature
{
    public static void AddApp(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AppOptions>, AppOptionsValidator>();
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section).ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DataDirectory>();
        services.AddHealthChecks().AddCheck<DataDirectory>("data directory");
        services.AddProtection();

        services.AddRouting(routing => routing.LowercaseUrls = true);
        services.AddRazorPages(pages => pages.Conventions.AuthorizeFolder("/")).WithRazorPagesAtContentRoot();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<AppOptions>>(
            (antiforgery, app) => antiforgery.Cookie.Name = $"{app.Value.Name}.Antiforgery");
    }

    public static void MapApp(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapFavicon();
        app.MapRazorPages().WithStaticAssets();
    }

    // The keys outlive the process. So cookies, open forms and sessions stay valid after a restart.
    private static void AddProtection(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.AddOptions<DataProtectionOptions>().Configure<IOptions<AppOptions>>(
            (protection, app) => protection.ApplicationDiscriminator = app.Value.Name);
        services.AddOptions<KeyManagementOptions>().Configure<DataDirectory>(
            (keys, data) => keys.XmlRepository = new DataProtectionKeyFiles(data));
    }
}
