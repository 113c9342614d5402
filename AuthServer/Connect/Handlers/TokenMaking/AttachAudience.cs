using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// RFC 9068 3: the audience of an access token is the resource servers that own its scopes. If the request names some of them (RFC
/// 8707 2.2), only these remain, and the scopes of the others are removed; the refresh token keeps all. OpenIddict would use all
/// resources of the principal.
/// </summary>
/// <remarks>
/// With <c>openid</c> the issuer is in the audience too: its userinfo endpoint takes the token. If the request names other resources
/// only, the issuer is not, so that those resource servers cannot call userinfo with the token. If no resource server remains, the
/// issuer is the audience: it is never empty.
/// </remarks>
internal sealed class AttachAudience(ScopeCache scopes, AuthDbContext database) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.AccessTokenPrincipal is not { } token)
        {
            return;
        }

        var requested = context.Request.GetResources();
        var audience = new SortedSet<string>(StringComparer.Ordinal);
        var left = token.GetScopes().ToHashSet(StringComparer.Ordinal);
        var known = await scopes.AllAsync(database, context.CancellationToken);
        foreach (var scope in token.GetScopes())
        {
            if (!known.TryGetValue(scope, out var entry))
            {
                continue;
            }

            var addressed = requested.IsEmpty ? entry.Resources : [.. entry.Resources.Intersect(requested)];
            audience.UnionWith(addressed);
            if (entry.Resources.Count > 0 && addressed.Count is 0)
            {
                left.Remove(scope);
            }
        }

        var issuer = context.Options.Issuer!.AbsoluteUri;
        if (audience.Count is 0 || (left.Contains(Scopes.OpenId) && (requested.IsEmpty || requested.Contains(issuer))))
        {
            audience.Add(issuer);
        }

        token.SetScopes(left);
        token.SetAudiences([.. audience]);
    }
}
