using Microsoft.Extensions.Options;
using SampleClient.App;

namespace SampleClient.Hosting;

/// <summary>
/// Every cookie is for https only, also when a proxy does the TLS and requests come as http. As a policy over all of
/// them, since antiforgery's own setting makes it refuse such requests. Browsers keep these cookies on http://localhost.
/// </summary>
internal static partial class SecureCookies
{
    public static void AddSecureCookies(this IServiceCollection services)
        => services.AddOptions<CookiePolicyOptions>().Configure<IOptions<AppOptions>, IHostEnvironment>((cookies, app, environment) =>
            cookies.Secure = environment.IsDevelopment() || app.Value.AllowPlainHttpCookies ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always);

    public static void UseSecureCookies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AppOptions>>().Value.AllowPlainHttpCookies)
        {
            Log.PlainHttp(app.Logger);
        }

        app.UseCookiePolicy();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "App:AllowPlainHttpCookies is set: whoever sees the traffic can take over a session.")]
        public static partial void PlainHttp(ILogger logger);
    }
}
