using AuthServer.Connect.Handlers.TokenMaking;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 7662 2.2: tells the scope to every caller that may introspect the token, not to its audience alone, and what may have several values as an array
/// always, as the token does.
/// </summary>
internal sealed class CompleteIntrospection : IOpenIddictServerHandler<HandleIntrospectionRequestContext>
{
    public ValueTask HandleAsync(HandleIntrospectionRequestContext context)
    {
        context.Scopes.UnionWith(context.GenericTokenPrincipal.GetScopes());
        foreach (var type in ShapeJwtClaims.Arrays)
        {
            if (context.Claims.ContainsKey(type))
            {
                context.Claims[type] = new OpenIddictParameter([.. context.GenericTokenPrincipal.GetClaims(type)]);
            }
        }

        context.Username = context.GenericTokenPrincipal.GetClaim(Claims.PreferredUsername);
        return ValueTask.CompletedTask;
    }
}
