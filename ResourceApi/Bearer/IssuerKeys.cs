using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using OpenIddict.Abstractions;
using OpenIddict.Validation;

namespace ResourceApi.Bearer;

/// <summary>
/// The issuer's discovery document and keys. A background task refreshes them, so that no request waits for the issuer, and the API
/// can start before the issuer. They stay in use while the issuer is away. They are fetched again at once if a token names an
/// unknown key. IdentityModel's own manager would do this at most every five minutes, and the API would answer 401 until then.
/// </summary>
internal sealed partial class IssuerKeys(
    OpenIddictValidationService service, IOptions<IssuerOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
    : BackgroundService, IConfigurationManager<OpenIddictConfiguration>
{
    /// <summary>How long the API may still accept a key that the issuer has withdrawn.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(5);

    /// <summary>Time between two attempts while the issuer does not answer.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>Tokens with invented key ids cause at most one fetch in this time, however many such tokens arrive.</summary>
    public static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(1);

    private readonly IConfigurationRetriever<OpenIddictConfiguration> retriever = new OpenIddictValidationRetriever(service);
    private readonly Lock gate = new();
    private OpenIddictConfiguration? current;
    private Task fetch = Task.CompletedTask;
    private DateTimeOffset fetchedAt = DateTimeOffset.MinValue;

    /// <summary>True if there are keys, so that tokens can be validated.</summary>
    public bool AreKnown => current is not null;

    /// <summary>True if the last fetch failed; the keys, if any, are from before.</summary>
    public bool AreStale { get; private set; }

    /// <summary>
    /// The issuer's configuration. It contains the key with this id if the issuer has published that key. Null if the API cannot
    /// tell: there are no keys at all, or this key is unknown and the issuer does not answer.
    /// </summary>
    public async ValueTask<OpenIddictConfiguration?> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (!IsKnown(keyId))
        {
            await FetchAsync(UnknownKeyInterval).WaitAsync(cancellationToken);
        }

        // That fetch may have begun before the issuer published the key.
        if (!IsKnown(keyId) && !AreStale)
        {
            await FetchAsync(UnknownKeyInterval).WaitAsync(cancellationToken);
        }

        return IsKnown(keyId) || !AreStale ? current : null;
    }

    public async Task<OpenIddictConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        await FindAsync(keyId: null, cancel) ?? throw new InvalidOperationException("The issuer's keys are not known yet.");

    /// <summary>OpenIddict calls this when it has not found a key. <see cref="FindAsync"/> has already looked for it.</summary>
    public void RequestRefresh()
    {
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await FetchAsync(minimumAge: TimeSpan.Zero).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(AreStale ? RetryInterval : RefreshInterval, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsKnown(string? keyId) => current is not null && (keyId is null || current.SigningKeys.Any(key => key.KeyId == keyId));

    // Only one fetch runs at a time. None starts if the last one began less than minimumAge ago.
    private Task FetchAsync(TimeSpan minimumAge)
    {
        lock (gate)
        {
            if (fetch.IsCompleted && time.GetUtcNow() - fetchedAt >= minimumAge)
            {
                fetchedAt = time.GetUtcNow();
                fetch = FetchAsync();
            }

            return fetch;
        }
    }

    private async Task FetchAsync()
    {
        var address = new Uri(options.Value.AuthorityUri!.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");
        try
        {
            current = await retriever.GetConfigurationAsync(address.AbsoluteUri, retriever: null!, CancellationToken.None);
            Log.Fetched(logger, address, current.SigningKeys.Count);
            AreStale = false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // After any failure the keys stay in use. Only the first of several failures is logged.
            if (!AreStale)
            {
                Log.NotFetched(
                    logger,
                    address,
                    AreKnown,
                    (exception as OpenIddictExceptions.ProtocolException)?.ErrorDescription ?? exception.Message);
            }

            AreStale = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Fetched the issuer's keys from {Address}: {Count}")]
        public static partial void Fetched(ILogger logger, Uri address, int count);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Cannot fetch the issuer's keys from {Address}; retrying. Earlier keys are in use: {AreKnown}. {Reason}")]
        public static partial void NotFetched(ILogger logger, Uri address, bool areKnown, string reason);
    }
}
