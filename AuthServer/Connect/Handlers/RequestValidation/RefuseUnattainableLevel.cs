using AuthServer.Connect.Authorize;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// OpenID Connect Core 5.5.1.1: if this server supports no value of an essential <c>acr</c>, no sign-in can meet the request. It is
/// refused on arrival, pushed or not (RFC 9126 2.1). OpenIddict does not read <c>claims</c>.
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
