using System.Security.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 6749 5.1: an answer with an access token always has its scope, and <c>expires_in</c> is the configured lifetime. OpenIddict
/// sends the scope only if it differs from the request's, and the time left after the token was made: often 3599 for an hour.
/// </summary>
internal sealed class AttachScopeAndLifetime : IOpenIddictServerHandler<ProcessSignInContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is { IncludeAccessToken: true, AccessTokenPrincipal: { } token })
        {
            context.Response.Scope = token.GetScopes() is { IsEmpty: false } scopes ? string.Join(' ', scopes) : null;
        }

        if (context.Response.ExpiresIn is not null && LifetimeOf(PrincipalOf(context)) is { } lifetime)
        {
            context.Response.ExpiresIn = (long)lifetime.TotalSeconds;
        }

        return ValueTask.CompletedTask;
    }

    private static ClaimsPrincipal? PrincipalOf(ProcessSignInContext context) => context.EndpointType switch
    {
        OpenIddictServerEndpointType.DeviceAuthorization => context.DeviceCodePrincipal,
        OpenIddictServerEndpointType.PushedAuthorization => context.RequestTokenPrincipal,
        _ => context.AccessTokenPrincipal,
    };

    private static TimeSpan? LifetimeOf(ClaimsPrincipal? principal) => principal?.GetExpirationDate() - principal?.GetCreationDate();
}
