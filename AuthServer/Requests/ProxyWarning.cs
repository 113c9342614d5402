using Microsoft.AspNetCore.HttpOverrides;

namespace AuthServer.Requests;

/// <summary>
/// Names a proxy that is not believed, once: its operator would otherwise only see that all people share one throttle, or that https is refused.
/// Behind the framework's forwarded headers, which puts what it has believed under another name.
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
            && Array.Find(Headers, header => context.Request.Headers.ContainsKey(header.Sent) && !context.Request.Headers.ContainsKey(header.Believed)).Sent is { } sent
            && Interlocked.Exchange(ref isTold, 1) is 0)
        {
            Log.NotBelieved(logger, sent, context.Connection.RemoteIpAddress?.ToString());
        }

        return next(context);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Header} came from {Address}, which is not in Proxies:KnownProxies or Proxies:KnownNetworks, and is not believed. "
                + "If a proxy is there, name it: all people behind it count as one until then. Said once.")]
        public static partial void NotBelieved(ILogger logger, string header, string? address);
    }
}
