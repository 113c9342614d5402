using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Introspection;

namespace AuthServer.Connect.Handlers;

/// <summary>RFC 7662 2.2: tells the scope to every caller that may introspect the token, not to its audience alone.</summary>
internal sealed class DescribeToken : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleIntrospectionRequestContext>()
            .UseSingletonHandler<DescribeToken>()
            .SetOrder(AttachApplicationClaims.Descriptor.Order + 100)
            .Build();

    public ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        context.Scopes.UnionWith(context.GenericTokenPrincipal.GetScopes());
        context.Username = context.GenericTokenPrincipal.GetClaim(Claims.PreferredUsername);
        return ValueTask.CompletedTask;
    }
}
