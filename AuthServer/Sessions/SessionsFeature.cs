using AuthServer.Hosting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>
/// Owns sign-ins as the database knows them: when they began, what happened to them, why they ended;
/// and the cookie that ties a browser to one. Serves no route; the command line lists, shows and ends them.
/// </summary>
internal static class SessionsFeature
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddScoped<SessionEnd>();
        services.AddScoped<AccountRemoval>();
        services.AddScoped<SessionQueries>();
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidator>();
        services.AddSettings<SessionsOptions>(SessionsOptions.Section);
        services.AddScoped<BrowserSessions>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, BrowserCookie>();
        services.AddAuthentication().AddCookie(BrowserCookie.Scheme);
    }
}
