using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// RFC 7523 asks for no <c>typ</c>, and the client libraries in the field send <c>JWT</c> or none; OpenIddict takes
/// <c>client-authentication+jwt</c> alone. A <c>typ</c> that names another kind of token stays refused.
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
