using AuthServer.Protocol;
using AuthServer.Telemetry;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

/// <summary>Limits the requests from one client address to the endpoints that cost the server work (RFC 6585 4).</summary>
internal sealed class RequestThrottle(RequestDelegate next, IOptions<ThrottlingOptions> options, TimeProvider time, ServerMetrics metrics)
{
    private static readonly PathString[] Throttled =
    [
        Paths.Token,
        Paths.Introspection,
        Paths.Revocation,
        Paths.DeviceAuthorization,
        Paths.PushedAuthorization,
        .. Paths.DjangoRestFrameworkJwt,
    ];

    private readonly Buckets requests = new(time, options.Value.RequestsPerAddress * 2, TimeSpan.FromSeconds(2));

    public Task InvokeAsync(HttpContext context) =>
        options.Value.Enabled
        && context.Request.Path.IsUnderAny(Throttled)
        && !requests.TryTake(ClientAddress.Key(context.RemoteAddress()), out var retryAfter)
            ? RefuseAsync(context, retryAfter)
            : next(context);

    private Task RefuseAsync(HttpContext context, TimeSpan retryAfter)
    {
        metrics.Throttled(ThrottledBy.RequestsOfAddress);
        return RefusedRequest.AnswerAsync(context, OAuthError.TooManyAttempts(retryAfter));
    }
}
