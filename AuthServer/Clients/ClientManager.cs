using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>
/// OpenIddict's manager with three changes. A client can have several secrets. It checks a client secret by a hash of thousands of rounds for each request; here a secret is
/// hashed once and then remembered. It compares parsed loopback URIs; here <see cref="LoopbackAddress"/> compares them.
/// </summary>
internal sealed class ClientManager(
    IOpenIddictApplicationCache<Client> cache,
    ILogger<OpenIddictApplicationManager<Client>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<Client> store,
    VerifiedSecrets verified,
    ClientCache registered,
    AuthDbContext context) : OpenIddictApplicationManager<Client>(cache, logger, options, store)
{
    /// <returns>The hash to store.</returns>
    public ValueTask<string> HashAsync(string secret, CancellationToken cancellationToken) =>
        ObfuscateClientSecretAsync(secret, cancellationToken);

    /// <param name="storedHash">Made by <see cref="HashAsync"/>.</param>
    public ValueTask<bool> IsMatchAsync(string secret, string storedHash, CancellationToken cancellationToken) =>
        ValidateClientSecretAsync(secret, storedHash, cancellationToken);

    public override async ValueTask<bool> ValidateClientSecretAsync(
        Client application, string secret, CancellationToken cancellationToken = default)
    {
        var hashes = application.ClientType is ClientTypes.Confidential
            ? await registered.FindSecretsAsync(context, application.ClientId!, cancellationToken)
            : [];
        if (hashes.FirstOrDefault(hash => verified.Contains(verified.Of(secret, hash))) is not null)
        {
            return true;
        }

        // One computation for all: otherwise a wrong secret would take twice as long while one secret replaces another.
        if (hashes.Count > 1 && hashes.All(hash => SecretHash.HaveSameSalt(hash, hashes[0])))
        {
            var made = SecretHash.Like(hashes[0], secret)!;
            return hashes.Contains(made) && await ValidateClientSecretAsync(secret, made, cancellationToken);
        }

        foreach (var hash in hashes)
        {
            if (await ValidateClientSecretAsync(secret, hash, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    public override async ValueTask<bool> ValidateRedirectUriAsync(
        Client application, string uri, CancellationToken cancellationToken = default) =>
        IsOneOf(await Store.GetRedirectUrisAsync(application, cancellationToken), uri, application);

    public override async ValueTask<bool> ValidatePostLogoutRedirectUriAsync(
        Client application, string uri, CancellationToken cancellationToken = default) =>
        IsOneOf(await Store.GetPostLogoutRedirectUrisAsync(application, cancellationToken), uri, application);

    private static bool IsOneOf(ImmutableArray<string> registered, string uri, Client application) =>
        registered.Contains(uri, StringComparer.Ordinal)
        || (application.ApplicationType is ApplicationTypes.Native
            && registered.Any(candidate => LoopbackAddress.DifferInPortOnly(candidate, uri)));

    protected override async ValueTask<bool> ValidateClientSecretAsync(
        string secret, string comparand, CancellationToken cancellationToken = default)
    {
        var key = verified.Of(secret, comparand);
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

/// <summary>
/// Remembers client secrets that were right, as a MAC over secret and stored hash. The secret cannot be recovered from it, and a new stored
/// hash makes it worthless. Wrong secrets are not remembered, so each one costs an attacker the full check.
/// </summary>
internal sealed class VerifiedSecrets
{
    private const int Most = 10_000;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<Fingerprint, bool> known = new();

    public Fingerprint Of(string secret, string storedHash) => Fingerprint.Of($"{storedHash}\0{secret}", key);

    public bool Contains(Fingerprint secret) => known.ContainsKey(secret);

    public void Add(Fingerprint secret)
    {
        if (known.Count >= Most)
        {
            known.Clear();
        }

        known[secret] = true;
    }
}
