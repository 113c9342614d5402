using System.Collections.Immutable;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// Completes discovery (RFC 8414 2) with what OpenIddict does not know: the registered scopes, public clients, logout, levels and
/// languages. Replaces the ID token algorithms, which OpenIddict derives from all signing keys, by the configured one.
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

        // Public clients send only their client_id.
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.DeviceAuthorizationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.PushedAuthorizationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);

        context.IdTokenSigningAlgorithms.Clear();
        context.IdTokenSigningAlgorithms.Add(options.Value.IdentityTokenSigningAlgorithm);

        // OpenID Connect Core 5.5
        context.Metadata[Metadata.ClaimsParameterSupported] = true;

        // RFC 8414 2 requires it where private_key_jwt is offered. The key is the client's, so any asymmetric algorithm is accepted.
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
        context.Metadata[UiLocalesSupported] = UiLocales.All.ToImmutableArray<string?>();
    }
}
