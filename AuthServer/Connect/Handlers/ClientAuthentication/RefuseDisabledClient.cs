using AuthServer.Clients;
using AuthServer.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.ClientAuthentication;

/// <summary>
/// A disabled client gets no tokens and no answers about tokens, and its access tokens are inactive at introspection and userinfo. On other
/// nodes this takes effect within <see cref="ClientCache.Lifetime"/>. OpenIddict knows no disabled clients.
/// After this step it calls <see cref="ClientManager"/>, which checks the client's secret.
/// </summary>
internal sealed class RefuseDisabledClient(ClientCache clients, AuthDbContext database)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>, IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (await IsDisabledAsync(context.ClientId, context.CancellationToken))
        {
            context.Reject(Errors.InvalidClient, "The client is disabled.");
        }
    }

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.HasTokenType(TokenTypeIdentifiers.AccessToken) is true
            && await IsDisabledAsync(context.Principal.GetClaim(Claims.ClientId), context.CancellationToken))
        {
            context.Reject(Errors.InvalidToken, "The client of the access token is disabled.");
        }
    }

    private async ValueTask<bool> IsDisabledAsync(string? id, CancellationToken cancellationToken) =>
        id is not null && await clients.FindAsync(database, id, cancellationToken) is ({ DisabledAt: not null }, _);
}
