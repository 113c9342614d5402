using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Requests.SecurityTxt;
using AuthServer.SecurityLog;
using AuthServer.Throttling;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

/// <summary>
/// Owns the steps that every request passes, in this order: the client's real address, the log, response headers, error responses, the
/// time limit, https, CORS, the checks of bodies and forms. Also registers Throttling/ and SecurityLog/, whose steps come between
/// these. Also owns the start of the server and the explanation of its errors.
/// Routes: <c>/health/live</c>, <c>/health/ready</c>, <c>/.well-known/security.txt</c>, and <c>/error</c>, the page for errors.
/// </summary>
internal static class RequestsFeature
{
    // ProtocolErrors has far lower limits for the protocol. A body that it refuses is still read to its end, up to this length;
    // otherwise the client would see a broken connection instead of the answer.
    private const int LongestBody = 2 * 1024 * 1024;

    public static void AddRequests(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Configuration.AddSettingFiles();
        builder.AddLog();

        // A slim builder leaves out IIS, HTTP/3, the framework's own logs and https in Kestrel. Only the last is needed.
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
        app.UseForwardedHeaders();              // address and scheme, as a trusted proxy names them
        app.UseMiddleware<ProxyWarning>();      // proxies that are not trusted: one log line
        app.Use(BeginAudit);                    // address and user agent, for the audit
        app.UseRequestLog();                    // one log line for each request
        app.UseMiddleware<SecurityHeaders>();   // the headers of every response
        app.UseMiddleware<SeeOther>();          // redirects after a form only
        app.UseSecurityLog();                   // sign-ins and refusals only
        app.UseErrorAnswers();                  // failures and wrong methods only; then routing
        app.UseRequestTimeouts();               // slow requests only
        app.UseMiddleware<RouteTags>();         // metrics of the protocol's endpoints
        app.UseMiddleware<TransportSecurity>(); // refuses http if the issuer is https
        app.UseCors();                          // requests of scripts only
        app.UseThrottling();                    // refuses too many requests of one address
        app.UseMiddleware<ProtocolErrors>();    // reads or refuses the forms of the protocol
        app.UseMiddleware<SecretThrottle>();    // refuses too many wrong secrets of one client
        app.UseMiddleware<PageRequests>();      // pages only
    }

    public static void MapRequests(this WebApplication app)
    {
        app.MapHealth();
        app.MapSecurityTxt();
    }

    private static Task BeginAudit(HttpContext context, RequestDelegate next)
    {
        var source = RequestSource.Of(context);
        context.RequestServices.GetRequiredService<AuditActor>().Begin(source.Address, source.UserAgent);
        return next(context);
    }
}
