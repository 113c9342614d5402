using AuthServer.Protocol;
using AuthServer.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Passwords;

/// <summary>
/// Refuses sign-ins with a password while <see cref="PasswordHashLimit"/> is full, before the client is authenticated and the database
/// is read. A request that cannot be served must cost almost nothing; otherwise a flood takes the node down before any password is
/// hashed.
/// </summary>
internal sealed class PasswordFloodBarrier(RequestDelegate next, PasswordHashLimit gate, ServerMetrics metrics)
{
    public Task InvokeAsync(HttpContext context) =>
        gate.IsFull && IsSignIn(context.Request)
            ? RefuseAsync(context)
            : next(context);

    private Task RefuseAsync(HttpContext context)
    {
        metrics.Throttled(ThrottledBy.PasswordHashes);
        return OAuthError.Busy(gate.RetryAfter).ExecuteAsync(context);
    }

    private static bool IsSignIn(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && (request.Path.IsUnder(Paths.ObtainToken) || (request.Path.IsUnder(Paths.Token) && IsPasswordGrant(request)));

    // ProtocolErrors has read the form already.
    private static bool IsPasswordGrant(HttpRequest request) =>
        request.HasFormContentType && request.Form[Parameters.GrantType] == GrantTypes.Password;
}
