using AuthServer.Protocol;
using Microsoft.AspNetCore.HttpOverrides;

namespace AuthServer.Requests;

/// <summary>
/// Warns once about a proxy whose headers are ignored. Otherwise its operator would only see that all users share one throttle, or that
/// https is refused. Runs after the framework's forwarded headers, which rename the headers that they have believed.
/// </summary>
internal sealed partial class ProxyWarning(RequestDelegate next, ILogger<ProxyWarning> logger)
{
    private static readonly (string Sent, string Believed)[] Headers =
    [
        (ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XOriginalForHeaderName),
        (ForwardedHeadersDefaults.XForwardedProtoHeaderName, ForwardedHeadersDefaults.XOriginalProtoHeaderName),
    ];

    private int isTold;

    public Task InvokeAsync(HttpContext context)
    {
        if (isTold is 0
            && Array.Find(
                Headers,
                header => context.Request.Headers.ContainsKey(header.Sent)
                    && !context.Request.Headers.ContainsKey(header.Believed)).Sent is { } sent
            && Interlocked.Exchange(ref isTold, 1) is 0)
        {
            Log.NotBelieved(logger, sent, context.RemoteAddress()?.ToString());
        }

        return next(context);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Header} came from {Address}, which is not in Proxies:KnownProxies or Proxies:KnownNetworks, and is not believed. "
                + "If this is the address of a proxy, add it: until then all users behind it count as one. Logged once.")]
        public static partial void NotBelieved(ILogger logger, string header, string? address);
    }
}
