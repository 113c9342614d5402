using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Discovery;

namespace AuthServer.Connect.Handlers;

/// <summary>Discovery (RFC 8414 2): the scopes of the registered APIs, and that public clients need no authentication.</summary>
internal sealed class AdvertiseScopes(IOpenIddictScopeManager scopes) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
            .UseScopedHandler<AdvertiseScopes>()
            .SetOrder(AttachScopes.Descriptor.Order + 100)
            .Build();

    public async ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        await foreach (var scope in scopes.ListAsync(cancellationToken: context.CancellationToken))
        {
            if (await scopes.GetNameAsync(scope, context.CancellationToken) is { } name)
            {
                context.Scopes.Add(name);
            }
        }

        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
    }
}
