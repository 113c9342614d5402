using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace AuthServer.Connect.Handlers;

/// <summary>
/// RFC 7662 2.1 and 4: a client that may not ask is refused before the token is looked at, or the refusal would tell a living token from a dead one.
/// RFC 7009 2.1: a client that revokes the token of another is told that it is none of its own; OpenIddict answers as if it were done.
/// </summary>
internal sealed class RefuseStrangers(ClientCache clients, AuthDbContext database)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>, IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    // Behind the check of the client's secret.
    public static OpenIddictServerHandlerDescriptor OfIntrospections { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseScopedHandler<RefuseStrangers>()
            .SetOrder(ValidateClientCertificate.Descriptor.Order + 100)
            .Build();

    public static OpenIddictServerHandlerDescriptor OfRevocations { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateRevocationRequestContext>()
            .UseScopedHandler<RefuseStrangers>()
            .SetOrder(Revocation.ValidateAuthorizedParty.Descriptor.Order - 100)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Introspection
            && context.ClientId is { } id
            && await clients.FindAsync(database, id, context.CancellationToken) is { Policy: var policy }
            && !policy.Allows(Permissions.Endpoints.Introspection))
        {
            context.Reject(Errors.UnauthorizedClient, "The client may not ask about tokens.");
        }
    }

    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        if (context is { ClientId: { } id, GenericTokenPrincipal: { } token } && !token.HasPresenter(id) && !token.HasAudience(id))
        {
            context.Reject(Errors.UnauthorizedClient, "The token was issued to another client.");
        }

        return ValueTask.CompletedTask;
    }
}
