using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 7662 2.2: what is no access or refresh token, an ID token, a code, is inactive and no error. OpenIddict tells the state of a code in an
/// error, and of an ID token that it is one.
/// </summary>
internal sealed class AnswerInactiveToken : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        if (context.Response.Error is Errors.UnsupportedTokenType or Errors.AuthorizationPending or Errors.AccessDenied or Errors.ExpiredToken or Errors.InvalidGrant)
        {
            context.Response.Error = Errors.InvalidToken;
        }

        return ValueTask.CompletedTask;
    }
}
