using AuthServer.Connect;
using AuthServer.Hosting;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Passwords;

/// <summary>
/// Sends password grants away while <see cref="PasswordGate"/> is full, before the client is authenticated and the
/// database asked: what cannot be served must cost next to nothing, or a flood takes the node down before any hash.
/// </summary>
internal sealed class FloodBarrier(RequestDelegate next, PasswordGate gate)
{
    public Task InvokeAsync(HttpContext context) =>
        gate.IsFull && context.Request.Path.IsUnder(Paths.Token) && IsPasswordGrant(context.Request)
            ? OAuthError.Busy(gate.RetryAfter).ExecuteAsync(context)
            : next(context);

    // The form has been read by ProtocolErrors.
    private static bool IsPasswordGrant(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.HasFormContentType && request.Form[Parameters.GrantType] == GrantTypes.Password;
}
