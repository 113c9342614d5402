using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// RFC 7662 2.1 and 4: a client without the permission to introspect is refused before the token is read. OpenIddict refuses it
/// afterwards, so its answer would tell whether the token is active.
/// </summary>
internal sealed class RefuseIntrospectionWithoutPermission(ClientCache clients, AuthDbContext database)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Introspection
            && context.ClientId is { } id
            && await clients.FindAsync(database, id, context.CancellationToken) is { Policy: var policy }
            && !policy.Allows(Permissions.Endpoints.Introspection))
        {
            context.Reject(Errors.UnauthorizedClient, "The client may not introspect tokens.");
        }
    }
}
