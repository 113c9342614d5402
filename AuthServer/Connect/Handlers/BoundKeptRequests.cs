using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Throttling;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace AuthServer.Connect.Handlers;

/// <summary>
/// RFC 6585 4: counts each request that is kept in the database against its client address. A request that names a kept one is exempt once
/// the name was found. Pushed requests and devices count for public clients, which anybody can pose as.
/// </summary>
internal sealed class BoundKeptRequests(KeptRequests throttle, ClientCache clients, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateEndSessionRequestContext>,
        IOpenIddictServerHandler<ProcessAuthenticationContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor OfAuthorizations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseScopedHandler<BoundKeptRequests>()
            .SetOrder(int.MinValue)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfEndSessions { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateEndSessionRequestContext>()
            .UseScopedHandler<BoundKeptRequests>()
            .SetOrder(int.MinValue)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfNames { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseScopedHandler<BoundKeptRequests>()
            .SetOrder(RestoreParametersFromRequestToken.Descriptor.Order + 100)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfPushedAuthorizations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidatePushedAuthorizationRequestContext>()
            .UseScopedHandler<BoundKeptRequests>()
            .SetOrder(Authentication.ValidatePushedAuthentication.Descriptor.Order + 50)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfDevices { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateDeviceAuthorizationRequestContext>()
            .UseScopedHandler<BoundKeptRequests>()
            .SetOrder(OpenIddictServerHandlers.Device.ValidateDeviceAuthentication.Descriptor.Order + 50)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) => CountAsync(context, context.Request.RequestUri);

    public ValueTask HandleAsync(ValidateEndSessionRequestContext context) => CountAsync(context, context.Request.RequestUri);

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.RequestTokenPrincipal is not null && context.Transaction.GetHttpRequest() is { } request)
        {
            throttle.Found(request.HttpContext.Connection.RemoteIpAddress);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) => CountPublicAsync(context, context.ClientId);

    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context) => CountPublicAsync(context, context.ClientId);

    private async ValueTask CountPublicAsync(BaseValidatingContext context, string? clientId)
    {
        if (clientId is not null && await clients.FindAsync(database, clientId, context.CancellationToken) is { Policy.IsConfidential: false })
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

        var address = http.Connection.RemoteIpAddress;
        return (string.IsNullOrEmpty(requestUri) ? throttle.TryKeep(address, out var retryAfter) : throttle.TryName(address, out retryAfter))
            ? ValueTask.CompletedTask
            : RefuseAsync(context, http, retryAfter);
    }

    private static async ValueTask RefuseAsync(BaseValidatingContext context, HttpContext http, TimeSpan retryAfter)
    {
        await RefusedRequest.AnswerAsync(http, OAuthError.TooManyAttempts(retryAfter));
        context.HandleRequest();
    }
}
