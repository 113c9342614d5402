using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Throttling;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// Limits how many requests a minute are kept in the database for one client address; more are answered 429 (RFC 6585 4). OpenIddict has no
/// limit. A request that names a kept request counts as a guess until that one is found. Pushed and device requests count only for public
/// clients, because anybody can pose as one.
/// </summary>
internal sealed class LimitKeptRequests(KeptRequests throttle, ClientCache clients, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateEndSessionRequestContext>,
        IOpenIddictServerHandler<ProcessAuthenticationContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => CountAsync(context, context.Request.RequestUri);

    public ValueTask HandleAsync(ValidateEndSessionRequestContext context) => CountAsync(context, context.Request.RequestUri);

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.RequestTokenPrincipal is not null && context.Transaction.GetHttpRequest() is { } request)
        {
            throttle.Found(request.HttpContext.RemoteAddress());
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => CountPublicAsync(context, context.ClientId);

    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context) => CountPublicAsync(context, context.ClientId);

    private async ValueTask CountPublicAsync(BaseValidatingContext context, string? clientId)
    {
        if (clientId is not null
            && await clients.FindAsync(database, clientId, context.CancellationToken) is { Policy.IsConfidential: false })
        {
            await CountAsync(context, requestUri: null);
        }
    }

    private ValueTask CountAsync(BaseValidatingContext context, string? requestUri)
    {
        if (context.Transaction.GetHttpRequest() is not { HttpContext: var http })
        {
            return ValueTask.CompletedTask;
        }

        var address = http.RemoteAddress();
        return (string.IsNullOrEmpty(requestUri)
            ? throttle.TryKeep(address, out var retryAfter)
            : throttle.TryName(address, out retryAfter))
            ? ValueTask.CompletedTask
            : RefuseAsync(context, http, retryAfter);
    }

    private static async ValueTask RefuseAsync(BaseValidatingContext context, HttpContext http, TimeSpan retryAfter)
    {
        await RefusedRequest.AnswerAsync(http, OAuthError.TooManyAttempts(retryAfter));
        context.HandleRequest();
    }
}
