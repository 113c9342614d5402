using AuthServer.Audit;
using AuthServer.Hosting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>
/// Owns sessions, which are the sign-ins in the database: their beginning, events and end, and the cookie that ties a browser to one. Also
/// owns the sessions in which an administrator acts as a user, the marks of what was done for an authorization request, and the deletion of
/// an account, which ends its sessions. Serves no route:
/// the command line lists, shows and ends sessions, and the pages of Account/ sign in and out.
/// </summary>
internal static class SessionsFeature
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<IAuditedEntity, AuditedSession>();
        services.AddScoped<SessionEnd>();
        services.AddScoped<AccountRemoval>();
        services.AddScoped<SessionQueries>();
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidator>();
        services.AddSettings<SessionsOptions>(SessionsOptions.Section);
        services.AddScoped<BrowserSessions>();
        services.AddSingleton<IValidateOptions<ImpersonationOptions>, ImpersonationOptionsValidator>();
        services.AddSettings<ImpersonationOptions>(ImpersonationOptions.Section);
        services.AddScoped<ImpersonationCheck>();
        services.AddScoped<Impersonations>();
        services.AddHostedService<ImpersonationService>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, BrowserCookie>();
        services.AddAuthentication().AddCookie(BrowserCookie.Scheme);
    }
}
