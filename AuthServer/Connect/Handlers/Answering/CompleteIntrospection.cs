using AuthServer.Connect.Handlers.TokenMaking;
using AuthServer.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 7662 2.2: every caller that may introspect a token gets its scope and user name, and who acts as the user; OpenIddict gives the
/// scope only to the token's audience. A claim that may have several values is always an array, as in the token.
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

        if (TokenPrincipal.ActorOf(context.GenericTokenPrincipal) is { } actor)
        {
            context.Claims[ProtocolNames.ActorClaim] = new OpenIddictParameter(actor);
        }

        context.Username = context.GenericTokenPrincipal.GetClaim(Claims.PreferredUsername);
        return ValueTask.CompletedTask;
    }
}
