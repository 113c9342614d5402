using OpenIddict.Core;

namespace AuthServer.Clients;

/// <summary>
/// Makes and checks hashes of client secrets without a client at hand. <see cref="ClientManager"/> does the work and remembers the secrets
/// that were right.
/// </summary>
internal sealed class ClientSecrets(OpenIddictApplicationManager<Client> clients)
{
    public ValueTask<string> HashAsync(string secret, CancellationToken cancellationToken) =>
        ((ClientManager)clients).HashAsync(secret, cancellationToken);

    public ValueTask<bool> IsMatchAsync(string secret, string storedHash, CancellationToken cancellationToken) =>
        ((ClientManager)clients).IsMatchAsync(secret, storedHash, cancellationToken);
}
