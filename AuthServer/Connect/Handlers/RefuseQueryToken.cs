using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers;

/// <summary>RFC 9700 4.3.2: a token in the query ends up in logs and histories, so the userinfo endpoint does not take it.</summary>
internal sealed class RefuseQueryToken : IOpenIddictServerHandler<ExtractUserInfoRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ExtractUserInfoRequestContext>()
            .UseSingletonHandler<RefuseQueryToken>()
            .SetOrder(int.MinValue)
            .Build();

    public ValueTask HandleAsync(ExtractUserInfoRequestContext context)
    {
        if (context.Transaction.GetHttpRequest()?.Query.ContainsKey(Parameters.AccessToken) is true)
        {
            context.Reject(Errors.InvalidRequest, "The access token belongs in the Authorization header.");
        }

        return ValueTask.CompletedTask;
    }
}
