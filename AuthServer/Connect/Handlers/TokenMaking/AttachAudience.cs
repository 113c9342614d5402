using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// RFC 9068 3: the audience is the resource servers that own the scopes of this access token, narrowed to those that the
/// request names (RFC 8707 2.2), and then without the scopes of the others. The refresh token keeps all that was granted.
/// With <c>openid</c> the token is for the issuer, too, whose userinfo endpoint takes it: a request that names an API and not the issuer gets one that this
/// API cannot use there. A token of no API is for the issuer alone: the audience is never empty.
/// </summary>
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
