using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 6749 4.1.2.1: the error of a refused authorization request goes to the client, unless the client or its redirect URI is wrong.
/// OpenIddict shows an error page for each request that it refuses itself. A kept request that does not exist, or no longer, is
/// <c>invalid_request_uri</c> (RFC 9101 7). OpenIddict answers <c>invalid_token</c>, which is no error of this endpoint.
/// </summary>
internal sealed class ReturnErrorToClient(IOpenIddictApplicationManager clients)
    : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.Response.Error is Errors.InvalidToken)
        {
            context.Response.Error = Errors.InvalidRequestUri;
        }

        if (string.IsNullOrEmpty(context.Response.Error)
            || !string.IsNullOrEmpty(context.RedirectUri)
            || context.Request is not { ClientId: { Length: > 0 } id, RedirectUri: { Length: > 0 } redirectUri } request
            || context.Response.Error is Errors.InvalidClient
            || await clients.FindByClientIdAsync(id, context.CancellationToken) is not { } client
            || !await clients.ValidateRedirectUriAsync(client, redirectUri, context.CancellationToken))
        {
            return;
        }

        context.RedirectUri = redirectUri;

        // The requested response mode may be what was wrong.
        if (!request.IsQueryResponseMode() && !request.IsFragmentResponseMode() && !request.IsFormPostResponseMode())
        {
            request.ResponseMode = ResponseModes.Query;
        }
    }
}
