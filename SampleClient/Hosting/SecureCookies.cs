using Microsoft.Extensions.Options;
using SampleClient.App;

namespace SampleClient.Hosting;

/// <summary>
/// Outside Development every cookie is Secure, even if a proxy terminates TLS and requests arrive as http. It is a policy over all
/// cookies, because antiforgery's own setting would refuse such requests. Browsers keep Secure cookies on http://localhost.
/// </summary>
internal static partial class SecureCookies
{
    public static void AddSecureCookies(this IServiceCollection services) =>
        services.AddOptions<CookiePolicyOptions>().Configure<IOptions<AppOptions>, IHostEnvironment>((cookies, app, environment) =>
            cookies.Secure = environment.IsDevelopment() || app.Value.AllowPlainHttpCookies
                ? CookieSecurePolicy.SameAsRequest
                : CookieSecurePolicy.Always);

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
        [LoggerMessage(
            Level = LogLevel.Warning, Message = "App:AllowPlainHttpCookies is set: anyone who sees the traffic can take over a session.")]
        public static partial void PlainHttp(ILogger logger);
    }
}
