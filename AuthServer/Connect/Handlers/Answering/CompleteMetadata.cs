using System.Collections.Immutable;
using AuthServer.Pages;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// Discovery (RFC 8414 2): adds what OpenIddict does not know, the scopes of the registered APIs and what sign-in offers,
/// and takes back what follows from its options but is not so here.
/// </summary>
internal sealed class CompleteMetadata(IOpenIddictScopeManager scopes, IOptions<ConnectOptions> options)
    : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    private const string AcrValuesSupported = "acr_values_supported";
    private const string UiLocalesSupported = "ui_locales_supported";

    private static readonly string[] AssertionEndpoints = ["token", "introspection", "revocation"];

    public async ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        await foreach (var scope in scopes.ListAsync(cancellationToken: context.CancellationToken))
        {
            if (await scopes.GetNameAsync(scope, context.CancellationToken) is { } name)
            {
                context.Scopes.Add(name);
            }
        }

        // Public clients authenticate by nothing but their id.
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.DeviceAuthorizationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.PushedAuthorizationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);

        context.IdTokenSigningAlgorithms.Clear();
        context.IdTokenSigningAlgorithms.Add(options.Value.IdentityTokenSigningAlgorithm);

        // OpenID Connect Core 5.5
        context.Metadata[Metadata.ClaimsParameterSupported] = true;

        // Where private_key_jwt is offered, so must this be. The keys are the app's: any but a shared secret.
        var assertionAlgorithms = SigningAlgorithms.All.Order(StringComparer.Ordinal).ToImmutableArray<string?>();
        foreach (var endpoint in AssertionEndpoints)
        {
            context.Metadata[$"{endpoint}_endpoint_auth_signing_alg_values_supported"] = assertionAlgorithms;
        }

        // OpenID Connect Back-Channel Logout 1.0, 2.1
        context.Metadata["backchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_session_supported"] = true;

        // OpenID Connect Front-Channel Logout 1.0, 3
        context.Metadata["frontchannel_logout_supported"] = true;
        context.Metadata["frontchannel_logout_session_supported"] = true;

        context.Metadata[AcrValuesSupported] = AuthenticationLevel.All.ToImmutableArray<string?>();
        context.Metadata[UiLocalesSupported] = Languages.All.ToImmutableArray<string?>();
    }
}
