using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using OpenIddict.Abstractions;
using OpenIddict.Validation;

namespace ResourceApi.Bearer;

/// <summary>
/// The issuer's discovery document and keys. Kept fresh in the background, so that no request waits for the issuer
/// and the API can be started before it; kept for as long as the issuer is away; and fetched again at once when a
/// token names a key that is not among them. IdentityModel's own manager does that last thing at most every five
/// minutes and answers 401 meanwhile.
/// </summary>
internal sealed partial class IssuerKeys(
    OpenIddictValidationService service, IOptions<IssuerOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
    : BackgroundService, IConfigurationManager<OpenIddictConfiguration>
{
    /// <summary>How long a key withdrawn by the issuer may still be accepted here.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(5);

    /// <summary>Between attempts while the issuer does not answer.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>Tokens with invented key ids cost the issuer one fetch in this time, however many come.</summary>
    public static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(1);

    private readonly IConfigurationRetriever<OpenIddictConfiguration> _retriever = new OpenIddictValidationRetriever(service);
    private readonly Lock _lock = new();
    private OpenIddictConfiguration? _current;
    private Task _fetch = Task.CompletedTask;
    private DateTimeOffset _fetchedAt = DateTimeOffset.MinValue;

    /// <summary>There are keys: tokens can be validated.</summary>
    public bool AreKnown => _current is not null;

    /// <summary>The last attempt brought no answer; what is known is from before.</summary>
    public bool AreStale { get; private set; }

    /// <summary>
    /// The issuer's configuration, with the key of that id when the issuer has it; null when that cannot be told: there are no
    /// keys at all, or not that one while the issuer does not answer.
    /// </summary>
    public async ValueTask<OpenIddictConfiguration?> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (!IsKnown(keyId))
        {
            await FetchAsync(UnknownKeyInterval).WaitAsync(cancellationToken);
        }

        // That fetch may have been under way already when the token came.
        if (!IsKnown(keyId) && !AreStale)
        {
            await FetchAsync(UnknownKeyInterval).WaitAsync(cancellationToken);
        }

        return IsKnown(keyId) || !AreStale ? _current : null;
    }

    public async Task<OpenIddictConfiguration> GetConfigurationAsync(CancellationToken cancel)
        => await FindAsync(keyId: null, cancel) ?? throw new InvalidOperationException("The issuer's keys are not known yet.");

    /// <summary>OpenIddict's hint that a key was not found. <see cref="FindAsync"/> has looked for it already.</summary>
    public void RequestRefresh()
    {
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await FetchAsync(minimumAge: TimeSpan.Zero).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(AreStale ? RetryInterval : RefreshInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsKnown(string? keyId) => _current is not null && (keyId is null || _current.SigningKeys.Any(key => key.KeyId == keyId));

    // One fetch at a time, and none when the last one began less than minimumAge ago.
    private Task FetchAsync(TimeSpan minimumAge)
    {
        lock (_lock)
        {
            if (_fetch.IsCompleted && time.GetUtcNow() - _fetchedAt >= minimumAge)
            {
                _fetchedAt = time.GetUtcNow();
                _fetch = FetchAsync();
            }

            return _fetch;
        }
    }

    private async Task FetchAsync()
    {
        var address = new Uri(options.Value.AuthorityUri!.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");
        try
        {
            _current = await _retriever.GetConfigurationAsync(address.AbsoluteUri, retriever: null!, CancellationToken.None);
            Log.Fetched(logger, address, _current.SigningKeys.Count);
            AreStale = false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever it is, the keys there are stay in use. Said once, not at every attempt.
            if (!AreStale)
            {
                Log.NotFetched(logger, address, AreKnown, (exception as OpenIddictExceptions.ProtocolException)?.ErrorDescription ?? exception.Message);
            }

            AreStale = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Keys of the issuer fetched from {Address}: {Count}")]
        public static partial void Fetched(ILogger logger, Uri address, int count);

        [LoggerMessage(LogLevel.Warning, "No keys could be fetched from {Address}; there are earlier ones: {AreKnown}. Trying again until there are. {Reason}")]
        public static partial void NotFetched(ILogger logger, Uri address, bool areKnown, string reason);
    }
}
