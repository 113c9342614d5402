using AuthServer.Hosting;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Account;

/// <summary>
/// Owns the pages of sign-in, registration and the account. The address of a page is its file: Account/Login.cshtml
/// is <c>/account/login</c>. The pages under Account/Manage/ need a signed-in user. In Development, <c>/development/mail</c> shows mails.
/// Also routes <c>POST /account/strength</c> and the redirects of <c>/</c> and <c>/.well-known/change-password</c>.
/// Maps the pages of all other folders and <c>/assets/…</c>, too: what all pages are made of is in Pages/.
/// Each page of a sign-in leads back to the authorize endpoint, which decides the next step.
/// </summary>
internal static class AccountFeature
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddSingleton<IConfigureOptions<RequestLocalizationOptions>, Languages>();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, FormProtection>();
        services.AddScoped<PageApps>();
        services.AddScoped<KeptRequestLookup>();
        services.AddSingleton<IValidateOptions<AccountOptions>, AccountOptionsValidator>();
        services.AddSettings<AccountOptions>(AccountOptions.Section);
        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<AccountOptions>>((server, account) =>
        {
            if (account.Value.Registration)
            {
                server.PromptValues.Add(ProtocolNames.CreatePrompt);
            }
        });
        services.AddScoped<SignInSteps>();
        services.AddSingleton<AccountLinks>();
        services.AddSingleton<RequestingBrowser>();
        services.AddScoped<AccountMails>();
        services.AddSingleton<Notices>();
        services.AddScoped<PendingEmails>();
        services.AddSingleton<MailThrottle>();
        services.AddSingleton<StrengthThrottle>();
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
        services.AddAuthorizationBuilder().AddPolicy(
            BrowserCookie.Scheme, new AuthorizationPolicyBuilder(BrowserCookie.Scheme).RequireAuthenticatedUser().Build());
    }

    /// <summary>Adds the services that only a server needs. A command of the command line runs without them.</summary>
    public static void AddAccountPages(this IServiceCollection services) =>
        services.AddRazorPages()
            .WithRazorPagesAtContentRoot()
            .AddRazorPagesOptions(pages => pages.Conventions
                .AuthorizePage("/Account/Index", BrowserCookie.Scheme)
                .AuthorizePage("/Device/Index", BrowserCookie.Scheme)
                .AuthorizeFolder("/Account/Manage", BrowserCookie.Scheme))
            .AddMvcOptions(mvc =>
            {
                mvc.Filters.Add<ExpiredForm>();
                mvc.Filters.Add<ClientSideRedirect>();
            });

    public static void UseAccount(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.IsPage(), pages => pages.UseRequestLocalization());

    public static void MapAccount(this WebApplication app)
    {
        app.MapRazorPages();
        app.MapRedirect("/", "/account");
        app.MapAssets();
        app.MapPost("/account/strength", StrengthEndpoint.HandleAsync);

        // https://w3c.github.io/webappsec-change-password-url/
        app.MapRedirect("/.well-known/change-password", "/account/manage/password");
    }

    private static void MapRedirect(this WebApplication app, string from, string to) =>
        app.MapMethods(from, [HttpMethods.Get, HttpMethods.Head], () => Results.LocalRedirect(to));
}
