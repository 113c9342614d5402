using System.Buffers.Text;
using System.Security.Cryptography;
using OpenIddict.Core;

namespace AuthServer.Clients;

/// <summary>
/// Makes and checks hashes of client secrets without a client at hand. <see cref="ClientManager"/> does the work and remembers the secrets
/// that were right.
/// </summary>
internal sealed class ClientSecrets(OpenIddictApplicationManager<Client> clients)
{
    private const int Bytes = 32;

    /// <returns>A new random secret.</returns>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public ValueTask<string> HashAsync(string secret, CancellationToken cancellationToken) =>
        ((ClientManager)clients).HashAsync(secret, cancellationToken);

    /// <summary>
    /// Hashes with the salt of another hash, so that one computation checks a secret against both. A salt is there against tables of
    /// hashes, which nobody can make of random secrets.
    /// </summary>
    /// <param name="other">The hash of a secret of the same client.</param>
    public async ValueTask<string> HashAsync(string secret, string other, CancellationToken cancellationToken) =>
        SecretHash.Like(other, secret) is { } hash && await IsMatchAsync(secret, hash, cancellationToken)
            ? hash
            : await HashAsync(secret, cancellationToken);

    public ValueTask<bool> IsMatchAsync(string secret, string storedHash, CancellationToken cancellationToken) =>
        ((ClientManager)clients).IsMatchAsync(secret, storedHash, cancellationToken);
}
