using AuthServer.Hosting;
using AuthServer.Outbox;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

/// <summary>
/// Owns the notification of apps that a session has ended. For OpenID Connect Back-Channel Logout 1.0, whatever ended the session, notices
/// wait in the database until the app has accepted them. For Front-Channel Logout 1.0, the browser that signs out notifies the apps.
/// Serves no route. Leaves the sign-out itself to Connect/ and Account/; the page of Account/ holds the frames.
/// </summary>
internal static class LogoutFeature
{
    public static void AddLogout(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<LogoutOptions>, LogoutOptionsValidator>();
        services.AddSettings<LogoutOptions>(LogoutOptions.Section);
        services.AddSingleton<LogoutToken>();
        services.AddSingleton<LogoutCall>();
        services.AddScoped<LogoutNotices>();
        services.AddScoped<FrontChannel>();
        services.AddOutbox<LogoutNotice, LogoutDelivery, LogoutLanes, LogoutService>();
    }
}
