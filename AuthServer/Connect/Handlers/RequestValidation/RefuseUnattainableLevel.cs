using AuthServer.Connect.Authorize;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// OpenID Connect Core 5.5.1.1: an essential <c>acr</c> of which no value is one of this server's cannot be met, whoever signs in. It is refused
/// where the request arrives, pushed or not (RFC 9126 2.1).
/// </summary>
internal sealed class RefuseUnattainableLevel
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => Check(context, context.Request);

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => Check(context, context.Request);

    private static ValueTask Check(BaseValidatingContext context, OpenIddictRequest request)
    {
        if (ClaimsParameter.Of(request).IsUnattainable)
        {
            context.Reject(AuthorizeErrors.UnattainableLevel.Code, AuthorizeErrors.UnattainableLevel.Description);
        }

        return ValueTask.CompletedTask;
    }
}
