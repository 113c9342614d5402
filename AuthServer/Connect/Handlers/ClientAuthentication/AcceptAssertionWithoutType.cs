using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// Accepts client assertions without <c>typ</c>, or with <c>JWT</c>: RFC 7523 requires none, and most client libraries send these.
/// OpenIddict accepts only <c>client-authentication+jwt</c>. A <c>typ</c> that names another kind of token is still refused.
/// </summary>
internal sealed class AcceptAssertionWithoutType : IOpenIddictServerHandler<ValidateTokenContext>
{
    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.SetEquals([TokenTypeIdentifiers.Private.ClientAssertion])
            && context.TokenValidationParameters is { } parameters)
        {
            var strict = parameters.TypeValidator;
            parameters.TypeValidator = (type, token, validation) => type is null or "" or JsonWebTokenTypes.GenericJsonWebToken
                ? strict(JsonWebTokenTypes.ClientAuthentication, token, validation)
                : strict(type, token, validation);
        }

        return ValueTask.CompletedTask;
    }
}
