using System.Net.Http.Headers;
using System.Text;
using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Telemetry;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Throttling;

/// <summary>
/// Limits the wrong secrets of one client from one address. A request counts as a failure until its answer is not 401, so concurrent
/// requests cannot exceed the limit.
/// </summary>
internal sealed class SecretThrottle(RequestDelegate next, IOptions<ThrottlingOptions> options, TimeProvider time, ServerMetrics metrics)
{
    private static readonly PathString[] Authenticating =
        [Paths.Token, Paths.Introspection, Paths.Revocation, Paths.DeviceAuthorization, Paths.PushedAuthorization];

    private readonly Buckets failures = new(time, options.Value.FailedSecretsPerClient, TimeSpan.FromSeconds(10));

    public async Task InvokeAsync(HttpContext context)
    {
        if (!options.Value.Enabled || !context.Request.Path.IsUnderAny(Authenticating) || ClientOf(context.Request) is not { } client)
        {
            await next(context);
            return;
        }

        var key = Fingerprint.Of($"{ClientAddress.Key(context.RemoteAddress())} {client}");
        if (!failures.TryTake(key, out var retryAfter))
        {
            metrics.Throttled(ThrottledBy.Secrets);
            await RefusedRequest.AnswerAsync(context, OAuthError.TooManyAttempts(retryAfter));
            return;
        }

        await next(context);
        if (context.Response.StatusCode is not StatusCodes.Status401Unauthorized)
        {
            failures.GiveBack(key);
        }
    }

    /// <returns>Null for a request without a secret, which guesses nothing.</returns>
    private static string? ClientOf(HttpRequest request)
    {
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            && string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) && header.Parameter is { } credentials)
        {
            Span<byte> bytes = new byte[credentials.Length];
            return Convert.TryFromBase64String(credentials, bytes, out var length)
                ? Uri.UnescapeDataString(Encoding.UTF8.GetString(bytes[..length]).Split(':')[0])
                : null;
        }

        // ProtocolErrors has read the form already.
        return request.HasFormContentType && request.Form.ContainsKey(Parameters.ClientSecret)
            ? request.Form[Parameters.ClientId].ToString()
            : null;
    }
}
