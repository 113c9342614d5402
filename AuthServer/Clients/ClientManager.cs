using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace AuthServer.Clients;

/// <summary>OpenIddict's manager, whose check of a client secret is a hash of thousands of rounds: once a secret and not once a request.</summary>
internal sealed class ClientManager(
    IOpenIddictApplicationCache<Client> cache,
    ILogger<OpenIddictApplicationManager<Client>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<Client> store,
    VerifiedSecrets verified) : OpenIddictApplicationManager<Client>(cache, logger, options, store)
{
    /// <returns>The secret as it is stored.</returns>
    public ValueTask<string> HashAsync(string secret, CancellationToken cancellationToken) => ObfuscateClientSecretAsync(secret, cancellationToken);

    /// <param name="storedHash">One of <see cref="HashAsync"/>.</param>
    public ValueTask<bool> IsMatchAsync(string secret, string storedHash, CancellationToken cancellationToken) =>
        ValidateClientSecretAsync(secret, storedHash, cancellationToken);

    protected override async ValueTask<bool> ValidateClientSecretAsync(string secret, string comparand, CancellationToken cancellationToken = default)
    {
        var key = verified.KeyOf(secret, comparand);
        if (verified.Contains(key))
        {
            return true;
        }

        if (!await base.ValidateClientSecretAsync(secret, comparand, cancellationToken))
        {
            return false;
        }

        verified.Add(key);
        return true;
    }
}
