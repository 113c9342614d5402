using AuthServer.Clients;
using AuthServer.Hosting;
using AuthServer.Requests.SecurityTxt;
using AuthServer.SecurityLog;
using AuthServer.Throttling;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

/// <summary>
/// Owns what every request passes, in this order: the client's true address, the log, headers, error answers, time limits, CORS. Also sets up
/// Throttling/ and SecurityLog/, which stand between them.
/// Routes: <c>/health/live</c>, <c>/health/ready</c>, <c>/.well-known/security.txt</c>.
/// </summary>
internal static class RequestsFeature
{
    // Protocol requests are bounded far below, by ProtocolErrors; a body that is refused there is still read to its
    // end up to here, or else the client would see a broken connection and no answer.
    private const int LongestBody = 2 * 1024 * 1024;

    public static void AddRequests(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Configuration.AddSettingFiles();
        builder.AddLog();
        // Of what a slim builder leaves out (IIS, HTTP/3, the framework's own logs) this is missed.
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });

        services.AddSingleton<IValidateOptions<ProxiesOptions>, ProxiesOptionsValidator>();
        services.AddSettings<ProxiesOptions>(ProxiesOptions.Section);
        services.AddSingleton<IPostConfigureOptions<ForwardedHeadersOptions>, TrustedProxies>();

        services.AddSingleton<ClientOrigins>();
        services.AddCors();
        services.AddSingleton<ICorsPolicyProvider, CrossOriginPolicy>();
        services.AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(30),
            WriteTimeoutResponse = ErrorAnswers.AnswerTimeoutAsync,
        });
        services.AddProblemDetails();
        services.AddThrottling();
        services.AddSecurityLog();
        services.AddSecurityTxt();
        services.AddHealth();
    }

    public static void UseRequests(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<ProxyWarning>();
        app.UseRequestLog();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<SeeOther>();
        app.UseSecurityLog();
        app.UseErrorAnswers();
        app.UseRequestTimeouts();
        app.UseMiddleware<TransportSecurity>();
        app.UseCors();
        app.UseThrottling();
        app.UseMiddleware<ProtocolErrors>();
        app.UseMiddleware<SecretThrottle>();
        app.UseMiddleware<PageRequests>();
    }

    public static void MapRequests(this WebApplication app)
    {
        app.MapHealth();
        app.MapSecurityTxt();
    }
}
