using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Validation.OpenIddictValidationEvents;
using static OpenIddict.Validation.OpenIddictValidationHandlers;

namespace ResourceApi.Bearer;

/// <summary>
/// Finds the issuer's keys before the token is validated, so that the first token signed with a new key is accepted,
/// and a key that cannot be had is told apart from a bad token.
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
            context.Reject(Errors.TemporarilyUnavailable, "The issuer cannot be reached, and without its key the token cannot be validated.");
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
            // Not a JWT. Validation says so to the client; here it only means that there is no key to look for.
            return null;
        }
    }
}
