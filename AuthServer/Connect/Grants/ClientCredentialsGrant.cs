using OpenIddict.Abstractions;

namespace AuthServer.Connect.Grants;

/// <summary>RFC 6749 4.4: the client gets a token for itself, without a session or an authorization.</summary>
internal sealed class ClientCredentialsGrant(TokenPrincipal principals)
{
    public Task<GrantResult> HandleAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        principals.ForClientAsync(request, cancellationToken);
}
