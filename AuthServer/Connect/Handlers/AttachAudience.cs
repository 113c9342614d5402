using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace AuthServer.Connect.Handlers;

/// <summary>
/// RFC 9068 3: the audience is the resource servers that own the scopes of this access token, narrowed to those that the
/// request names (RFC 8707 2.2), and then without the scopes of the others. The refresh token keeps all that was granted.
/// A token of no API is for the issuer itself, whose userinfo endpoint takes it: the audience is never empty.
/// </summary>
internal sealed class AttachAudience(IOpenIddictScopeManager scopes) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<AttachAudience>()
            .SetOrder(PrepareAccessTokenPrincipal.Descriptor.Order + 100)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.AccessTokenPrincipal is not { } token)
        {
            return;
        }

        var requested = context.Request.GetResources();
        var audience = new SortedSet<string>(StringComparer.Ordinal);
        var left = token.GetScopes().ToHashSet(StringComparer.Ordinal);
        await foreach (var scope in scopes.FindByNamesAsync(token.GetScopes(), context.CancellationToken))
        {
            var owners = await scopes.GetResourcesAsync(scope, context.CancellationToken);
            var addressed = requested.IsEmpty ? owners : owners.Intersect(requested);
            audience.UnionWith(addressed);
            if (owners.Any() && !addressed.Any())
            {
                left.Remove((await scopes.GetNameAsync(scope, context.CancellationToken))!);
            }
        }

        token.SetScopes(left);
        token.SetAudiences(audience.Count > 0 ? [.. audience] : [context.Options.Issuer!.AbsoluteUri]);
    }
}
