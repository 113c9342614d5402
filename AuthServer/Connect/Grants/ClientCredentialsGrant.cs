using OpenIddict.Abstractions;

namespace AuthServer.Connect.Grants;

/// <summary>RFC 6749 4.4.</summary>
internal sealed class ClientCredentialsGrant(TokenPrincipal principals)
{
    public Task<GrantResult> HandleAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        principals.ForClientAsync(request, cancellationToken);
}
