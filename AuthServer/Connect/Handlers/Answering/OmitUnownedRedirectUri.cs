using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RP-Initiated Logout 1.0, 2: without an ID token hint or a <c>client_id</c> the client is unknown, so the user can sign out but is
/// not redirected. OpenIddict would redirect to the post-logout redirect URI of any client.
/// </summary>
internal sealed class OmitUnownedRedirectUri : IOpenIddictServerHandler<ApplyEndSessionResponseContext>
{
    public ValueTask HandleAsync(ApplyEndSessionResponseContext context)
    {
        var validated = RequestState.ContextOf<ValidateEndSessionRequestContext>(context.Transaction);
        if (string.IsNullOrEmpty(validated?.ClientId) && validated?.IdentityTokenHintPrincipal is null)
        {
            context.PostLogoutRedirectUri = null;
        }

        return ValueTask.CompletedTask;
    }
}
