using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestReading;

/// <summary>
/// RFC 9700 4.3.2: a token in the query ends up in logs and histories, so the userinfo endpoint does not take it. RFC 6750 2: nor one in two places
/// at once, of which readers may differ in which one counts.
/// </summary>
internal sealed class RefuseAccessTokenInQuery : IOpenIddictServerHandler<ExtractUserInfoRequestContext>
{
    public ValueTask HandleAsync(ExtractUserInfoRequestContext context)
    {
        if (context.Transaction.GetHttpRequest() is not { } request)
        {
            return ValueTask.CompletedTask;
        }

        if (request.Query.ContainsKey(Parameters.AccessToken))
        {
            context.Reject(Errors.InvalidRequest, "The access token belongs in the Authorization header.");
        }
        else if (request.Headers.Authorization.Count > 0 && request.HasFormContentType && request.Form.ContainsKey(Parameters.AccessToken))
        {
            context.Reject(Errors.InvalidRequest, "The access token is there more than once.");
        }

        return ValueTask.CompletedTask;
    }
}
