using AuthServer.Audit;
using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Account;

/// <summary>
/// Owns the pages of sign-in, registration and the account, and the mails about what happened to it. The pages under Account/Manage/ need
/// a signed-in user. In Development, <c>/development/mail</c> shows mails. Also routes <c>POST /account/strength</c> and the redirects of
/// <c>/</c> and <c>/.well-known/change-password</c>. What all pages are made of is in Pages/. Each page of a sign-in leads back to the
/// authorize endpoint, which decides the next step.
/// </summary>
internal static class AccountFeature
{
    public static void AddAccount(this IServiceCollection services)
    {
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
        services.AddHttpContextAccessor(); // for the support code of a notice
        services.AddSingleton<NoticeMails>();
        services.AddSingleton<IAuditListener>(provider => provider.GetRequiredService<NoticeMails>());
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<NoticeMails>());
        services.AddScoped<AccountHistory>();
        services.AddScoped<AccountRescue>();
        services.AddScoped<PendingEmails>();
        services.AddSingleton<MailThrottle>();
        services.AddSingleton<StrengthThrottle>();
        // After AddRazorPages, which makes the conventions.
        services.PostConfigure<RazorPagesOptions>(pages => pages.Conventions
            .AuthorizePage("/Account/Index", BrowserCookie.Scheme)
            .AuthorizeFolder("/Account/Manage", BrowserCookie.Scheme));
        services.AddAuthorizationBuilder().AddPolicy(
            BrowserCookie.Scheme, new AuthorizationPolicyBuilder(BrowserCookie.Scheme).RequireAuthenticatedUser().Build());
    }

    public static void MapAccount(this WebApplication app)
    {
        app.MapRedirect("/", Paths.Account);
        app.MapPost(Paths.Strength, StrengthEndpoint.HandleAsync);

        // https://w3c.github.io/webappsec-change-password-url/
        app.MapRedirect("/.well-known/change-password", Paths.ManagePassword);
    }

    private static void MapRedirect(this WebApplication app, string from, string to) =>
        app.MapMethods(from, [HttpMethods.Get, HttpMethods.Head], () => Results.LocalRedirect(to));
}
