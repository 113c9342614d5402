using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 7662 2.2: a token that is neither an access token nor a refresh token (an ID token, a code) is answered as inactive.
/// OpenIddict would answer with an error that tells the kind of the token, and for a code its state.
/// </summary>
internal sealed class AnswerInactiveToken : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        if (context.Response.Error is Errors.UnsupportedTokenType
            or Errors.AuthorizationPending
            or Errors.AccessDenied
            or Errors.ExpiredToken
            or Errors.InvalidGrant)
        {
            // NormalizeErrorResponse, which comes next, turns this error into an inactive token.
            context.Response.Error = Errors.InvalidToken;
        }

        return ValueTask.CompletedTask;
    }
}
