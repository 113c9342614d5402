using AuthServer.Protocol;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Compatibility;

/// <summary>Answers with <c>{"token": …}</c> instead of the token response of RFC 6749 5.1.</summary>
internal sealed class ShapeTokenAnswer : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public const string Token = "token";

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.AccessToken is { } token && context.Transaction.GetHttpRequest()?.Path.IsDjangoRestFrameworkJwt() is true)
        {
            context.Response = new OpenIddictResponse { [Token] = token };
        }

        return ValueTask.CompletedTask;
    }
}
