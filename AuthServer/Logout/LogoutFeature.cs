using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

/// <summary>
/// Owns telling apps that a session has ended: whatever ended it (OpenID Connect Back-Channel Logout 1.0), by notices that wait
/// in the database until the app has taken them; and by the browser that was signed out (Front-Channel Logout 1.0). Serves
/// no route; signing out itself is Connect/'s and Account/'s, whose page holds the frames.
/// </summary>
internal static class LogoutFeature
{
    public static void AddLogout(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<LogoutOptions>, LogoutOptionsValidator>();
        services.AddSettings<LogoutOptions>(LogoutOptions.Section);
        services.AddSingleton<LogoutBell>();
        services.AddSingleton<LogoutToken>();
        services.AddSingleton<LogoutCall>();
        services.AddSingleton<LogoutLanes>();
        services.AddScoped<LogoutNotices>();
        services.AddScoped<LogoutDelivery>();
        services.AddScoped<FrontChannel>();
        services.AddHostedService<LogoutService>();
    }
}
