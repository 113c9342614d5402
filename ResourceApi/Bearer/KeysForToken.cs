using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers;

namespace ResourceApi.Bearer;

/// <summary>
/// Finds the issuer's keys before the token is validated. Thus the API accepts the first token signed with a new key, and answers
/// 503 instead of 401 if it cannot fetch the key.
/// </summary>
internal sealed class KeysForToken(IssuerKeys keys) : IOpenIddictValidationHandler<ProcessAuthenticationContext>
{
    public static OpenIddictValidationHandlerDescriptor Descriptor { get; }
        = OpenIddictValidationHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<KeysForToken>()
            .SetOrder(ResolveServerConfiguration.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (await keys.FindAsync(KeyId(context.AccessToken), context.CancellationToken) is not { } configuration)
        {
            context.Reject(
                Errors.TemporarilyUnavailable, "The token cannot be validated: its key is not known, and the issuer cannot be reached.");
            return;
        }

        context.Configuration = configuration;
    }

    private static string? KeyId(string? token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            // Not a JWT, so there is no key to look for. The validation refuses the token.
            return null;
        }
    }
}
