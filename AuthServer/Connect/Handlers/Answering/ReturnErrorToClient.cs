using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 6749 4.1.2.1: an authorization request that is refused goes back to the client with the error, unless the client or its
/// redirect URI is what is wrong. OpenIddict shows an error page for each request that it refuses itself. A kept request that is not there, or not any
/// more, is <c>invalid_request_uri</c> (RFC 9101 7): the <c>invalid_token</c> that OpenIddict says is no error of this endpoint.
/// </summary>
internal sealed class ReturnErrorToClient(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
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

        // What it asked for, or asked for it with, may be what was wrong.
        if (!request.IsQueryResponseMode() && !request.IsFragmentResponseMode() && !request.IsFormPostResponseMode())
        {
            request.ResponseMode = ResponseModes.Query;
        }
    }
}
