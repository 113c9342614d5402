using System.Collections.Immutable;
using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Exchange;

namespace AuthServer.Connect.Handlers;

/// <summary>
/// RFC 6749 5.2: a scope that the client may not have, or that exceeds what was granted, is <c>invalid_scope</c>;
/// OpenIddict says <c>invalid_request</c> and <c>invalid_grant</c>, and a client would give up a good refresh token.
/// </summary>
internal sealed class RefuseScope(ClientCache clients, AuthDbContext database) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseScopedHandler<RefuseScope>()
            .SetOrder(Math.Min(ValidateGrantTypePermissions.Descriptor.Order, ValidateScopePermissions.Descriptor.Order) - 100)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var asked = context.Request.GetScopes();
        if (context.Request.IsRefreshTokenGrantType() && context.RefreshTokenPrincipal is { } token && asked.Except(token.GetScopes()).Any())
        {
            context.Reject(Errors.InvalidScope, "The scope exceeds what was granted at the sign-in.");
        }
        else if (await FirstForbiddenAsync(context.ClientId, asked, context.CancellationToken) is { } scope)
        {
            context.Reject(Errors.InvalidScope, $"The client may not ask for the scope '{scope}'.");
        }
    }

    private async Task<string?> FirstForbiddenAsync(string? clientId, ImmutableArray<string> asked, CancellationToken cancellationToken) =>
        clientId is not null && await clients.FindAsync(database, clientId, cancellationToken) is { Policy: var policy }
            ? asked.FirstOrDefault(scope => !policy.Grants(scope))
            : null;
}
