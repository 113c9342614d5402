using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RP-Initiated Logout 1.0, 2: without a hint or a <c>client_id</c> nothing says which app sent the person, and nobody is sent on.
/// OpenIddict takes the address of any app. The person can sign out all the same.
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
