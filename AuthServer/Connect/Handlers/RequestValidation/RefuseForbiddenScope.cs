using System.Collections.Immutable;
using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// RFC 6749 4.1.2.1 and 5.2: a scope that the client may not have, or that exceeds the granted ones, is <c>invalid_scope</c>.
/// OpenIddict answers <c>invalid_request</c> and <c>invalid_grant</c>; the latter makes a client give up a valid refresh token.
/// </summary>
internal sealed class RefuseForbiddenScope(ClientCache clients, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>,
        IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>,
        IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var asked = context.Request.GetScopes();
        if (context.Request.IsRefreshTokenGrantType()
            && context.RefreshTokenPrincipal is { } token
            && asked.Except(token.GetScopes()).Any())
        {
            context.Reject(Errors.InvalidScope, "The scope exceeds what was granted at the sign-in.");
        }
        else
        {
            await CheckAsync(context, context.ClientId, asked);
        }
    }

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context) =>
        CheckAsync(context, context.ClientId, context.Request.GetScopes());

    public ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context) =>
        CheckAsync(context, context.ClientId, context.Request.GetScopes());

    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context) =>
        CheckAsync(context, context.ClientId, context.Request.GetScopes());

    private async ValueTask CheckAsync(BaseValidatingContext context, string? clientId, ImmutableArray<string> asked)
    {
        if (clientId is not null
            && await clients.FindAsync(database, clientId, context.CancellationToken) is { Policy: var policy }
            && asked.FirstOrDefault(scope => !policy.Grants(scope)) is { } scope)
        {
            context.Reject(Errors.InvalidScope, $"The client may not ask for the scope '{scope}'.");
        }
    }
}
