using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Passwords;

/// <summary>
/// Sends sign-ins with a password away while <see cref="PasswordGate"/> is full, before the client is authenticated and the
/// database asked: what cannot be served must cost next to nothing, or a flood takes the node down before any hash.
/// </summary>
internal sealed class FloodBarrier(RequestDelegate next, PasswordGate gate)
{
    public Task InvokeAsync(HttpContext context) =>
        gate.IsFull && IsSignIn(context.Request)
            ? OAuthError.Busy(gate.RetryAfter).ExecuteAsync(context)
            : next(context);

    private static bool IsSignIn(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && (request.Path.IsUnder(Paths.ObtainToken) || (request.Path.IsUnder(Paths.Token) && IsPasswordGrant(request)));

    // The form has been read by ProtocolErrors.
    private static bool IsPasswordGrant(HttpRequest request) => request.HasFormContentType && request.Form[Parameters.GrantType] == GrantTypes.Password;
}
