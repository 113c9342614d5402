using AuthServer.Connect;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Hosting.Throttling;

/// <summary>Bounds the requests of one client address to the endpoints that cost the server work (RFC 6585 4).</summary>
internal sealed class RequestThrottle(RequestDelegate next, IOptions<ThrottlingOptions> options, TimeProvider time)
{
    private static readonly PathString[] Throttled = [Paths.Token, Paths.Introspection, Paths.Revocation, Paths.DeviceAuthorization, Paths.PushedAuthorization, .. Paths.DjangoRestFrameworkJwt];

    // What these are asked for the first time is kept in the database; what is kept is asked for by its name.
    private static readonly PathString[] Keeping = [Paths.Authorize, Paths.EndSession];

    private readonly Buckets requests = new(time, options.Value.RequestsPerAddress * 2, TimeSpan.FromSeconds(2));
    private readonly Buckets kept = new(time, options.Value.AuthorizationRequestsPerAddress, TimeSpan.FromMinutes(1));

    public Task InvokeAsync(HttpContext context) =>
        options.Value.Enabled
        && BucketsFor(context.Request) is { } buckets
        && !buckets.TryTake(ClientAddress.Key(context.Connection.RemoteIpAddress), out var retryAfter)
            ? ErrorAnswers.AnswerAsync(context, OAuthError.TooManyAttempts(retryAfter))
            : next(context);

    private Buckets? BucketsFor(HttpRequest request) =>
        request.Path.IsUnderAny(Throttled) ? requests
        : request.Path.IsUnderAny(Keeping) && !request.Query.ContainsKey(Parameters.RequestUri) ? kept
        : null;
}
