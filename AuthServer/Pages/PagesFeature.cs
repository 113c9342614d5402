using System.Text.Encodings.Web;
using System.Text.Unicode;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>
/// Owns what all pages are made of: layout, texts and languages, style sheet and scripts, the protection of forms, and the way back to an
/// app's request. The address of a page is its file: Account/Login.cshtml is <c>/account/login</c>. Maps the pages of all folders.
/// Routes: <c>/assets/…</c>. The pages themselves are in Account/, Consent/, Device/ and Requests/.
/// </summary>
internal static class PagesFeature
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddSingleton<IConfigureOptions<RequestLocalizationOptions>, Languages>();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, FormProtection>();
        services.AddScoped<PageApps>();
        services.AddScoped<ScopeTexts>();
        services.AddScoped<KeptRequestLookup>();
        services.AddSingleton<PageSupportCode>();
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
    }

    /// <summary>Adds the services that only a server needs. A command of the command line runs without them.</summary>
    public static void AddPagesServer(this IServiceCollection services)
    {
        // Letters of all scripts as they are: a Korean page is half the size. What has a meaning in HTML is still encoded.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddRazorPages().WithRazorPagesAtContentRoot().AddMvcOptions(mvc =>
        {
            mvc.Filters.Add<ImpersonationGuard>();
            mvc.Filters.Add<ExpiredForm>();
            mvc.Filters.Add<ClientSideRedirect>();
        });
    }

    public static void UsePages(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.IsPage(), pages => pages.UseRequestLocalization());

    public static void MapPages(this WebApplication app)
    {
        app.MapRazorPages();
        app.MapAssets();
    }
}
