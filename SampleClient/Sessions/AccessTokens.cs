using System.Collections.Concurrent;
using SampleClient.Issuer;

namespace SampleClient.Sessions;

/// <summary>
/// Access tokens that are good when they are used: refreshed before they expire, once however many requests of a
/// session want it at the same time.
/// </summary>
internal sealed partial class AccessTokens(SessionStore store, IssuerClient issuer, TimeProvider time, ILogger<AccessTokens> logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IssuerAnswer>>> _underWay = new();

    /// <summary><see cref="IssuerFault.Refused"/> means: sign in again.</summary>
    public async Task<IssuerAnswer> GetAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Tokens is not { } tokens || time.GetUtcNow() < tokens.RefreshAt)
        {
            return session.Tokens is null ? IssuerAnswer.Failed(IssuerFault.Refused) : new IssuerAnswer(session.Tokens);
        }

        var answer = await RefreshAsync(session, cancellationToken);

        // While the issuer is away the old token serves to its end, and nobody has to notice.
        return answer.Fault is IssuerFault.Refused or null || time.GetUtcNow() >= tokens.ExpiresAt ? answer : new IssuerAnswer(tokens);
    }

    /// <summary>New tokens in place of those the caller has seen; at once, if another request has just fetched them.</summary>
    public Task<IssuerAnswer> RefreshAsync(Session session, CancellationToken cancellationToken)
        => _underWay
            .GetOrAdd(session.Id, id => new Lazy<Task<IssuerAnswer>>(() => RefreshAsync(id, session.Tokens)))
            .Value.WaitAsync(cancellationToken);

    private async Task<IssuerAnswer> RefreshAsync(string id, TokenSet? seen)
    {
        try
        {
            var current = store.Find(id)?.Tokens;
            if (current is not null && current.AccessToken != seen?.AccessToken)
            {
                return new IssuerAnswer(current);
            }

            var answer = current is { RefreshToken: not null } ? await issuer.RefreshAsync(current) : IssuerAnswer.Failed(IssuerFault.Refused);
            await KeepAsync(id, answer);
            return answer;
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }

    private async Task KeepAsync(string id, IssuerAnswer answer)
    {
        if (answer.Fault is not (null or IssuerFault.Refused))
        {
            return;
        }

        // A session that was ended meanwhile stays so.
        var kept = store.Update(id, session => session with { Tokens = session.Tokens is null ? null : answer.Tokens }) is { Tokens: not null };
        Log.Refreshed(logger, answer.Fault is null ? "refreshed" : "ended by the issuer");
        if (!kept && answer.Tokens?.RefreshToken is { } orphan)
        {
            // Signed out meanwhile, here or by the issuer: what came too late must not live on.
            await issuer.RevokeAsync(orphan);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Session {Outcome}")]
        public static partial void Refreshed(ILogger logger, string outcome);
    }
}
