using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// OpenID Connect Core 3.1.2.2, RP-Initiated Logout 1.0, 4: a request with an <c>id_token_hint</c> that this server did not issue is
/// refused. OpenIddict ignores the hint, and <c>prompt=none</c> would then sign in any user. An expired hint is accepted.
/// </summary>
internal sealed class RefuseForeignIdTokenHint : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context is { IdentityToken.Length: > 0, IdentityTokenPrincipal: null })
        {
            context.Reject(Errors.InvalidRequest, "The 'id_token_hint' is not an ID token of this server.");
        }

        return ValueTask.CompletedTask;
    }
}
