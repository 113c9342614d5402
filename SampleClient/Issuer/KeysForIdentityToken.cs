using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Client;
using static OpenIddict.Client.OpenIddictClientEvents;
using static OpenIddict.Client.OpenIddictClientHandlers;

namespace SampleClient.Issuer;

/// <summary>
/// Fetches the issuer's keys before the validation of an ID token that names an unknown key (OpenID Connect Core 10.1.1).
/// OpenIddict would fetch them after it has refused the token, so the first sign-in with a key that was not announced would fail.
/// </summary>
internal sealed class KeysForIdentityToken(IssuerKeys keys) : IOpenIddictClientHandler<ProcessAuthenticationContext>
{
    public static OpenIddictClientHandlerDescriptor Descriptor { get; }
        = OpenIddictClientHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<KeysForIdentityToken>()
            .SetOrder(ValidateBackchannelIdentityToken.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (KeyId(context.BackchannelIdentityToken) is { } id
            && context.Configuration.SigningKeys.All(key => key.KeyId != id)
            && await keys.NewerAsync(context.Configuration, context.CancellationToken) is { } newer)
        {
            context.Configuration = newer;
        }
    }

    private static string? KeyId(string? token)
    {
        try
        {
            return string.IsNullOrEmpty(token) ? null : new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            // Not a JWT; the validation refuses the token.
            return null;
        }
    }
}
