using OpenIddict.Core;

namespace AuthServer.Clients;

/// <summary>Stored hashes of client secrets apart from a client: OpenIddict's manager makes and compares them, and remembers what it compared.</summary>
internal sealed class ClientSecrets(OpenIddictApplicationManager<Client> clients)
{
    public ValueTask<string> HashAsync(string secret, CancellationToken cancellationToken) => ((ClientManager)clients).HashAsync(secret, cancellationToken);

    public ValueTask<bool> IsMatchAsync(string secret, string storedHash, CancellationToken cancellationToken) =>
        ((ClientManager)clients).IsMatchAsync(secret, storedHash, cancellationToken);
}
