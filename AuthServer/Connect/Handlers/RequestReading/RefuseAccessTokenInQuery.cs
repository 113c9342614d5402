using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestReading;

/// <summary>
/// RFC 9700 4.3.2: the userinfo endpoint refuses an access token in the query, because URLs get into logs and histories. RFC 6750 2:
/// it also refuses two tokens, in the header and the form, because readers differ in which one counts. OpenIddict accepts both.
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
            context.Reject(Errors.InvalidRequest, "The request has more than one access token.");
        }

        return ValueTask.CompletedTask;
    }
}
