using System.Collections.Concurrent;
using SampleClient.Issuer;

namespace SampleClient.Sessions;

/// <summary>
/// Provides valid access tokens. A token is refreshed before it expires, and only once even if several requests of a session need
/// it at the same time.
/// </summary>
internal sealed partial class AccessTokens(SessionStore store, IssuerClient issuer, TimeProvider time, ILogger<AccessTokens> logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IssuerAnswer>>> underWay = new();

    /// <summary>The fault <see cref="IssuerFault.Refused"/> means that the user must sign in again.</summary>
    public async Task<IssuerAnswer> GetAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Tokens is not { } tokens || time.GetUtcNow() < tokens.RefreshAt)
        {
            return session.Tokens is null ? IssuerAnswer.Failed(IssuerFault.Refused) : new IssuerAnswer(session.Tokens);
        }

        var answer = await RefreshAsync(session, cancellationToken);

        // While the issuer is away, the old token stays in use until it expires, and the user notices nothing.
        return answer.Fault is IssuerFault.Refused or null || time.GetUtcNow() >= tokens.ExpiresAt ? answer : new IssuerAnswer(tokens);
    }

    /// <summary>
    /// Returns new tokens in place of those that the caller has seen; at once if another request has just fetched them.
    /// </summary>
    public Task<IssuerAnswer> RefreshAsync(Session session, CancellationToken cancellationToken) =>
        underWay
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

            var answer = current is { RefreshToken: not null }
                ? await issuer.RefreshAsync(current)
                : IssuerAnswer.Failed(IssuerFault.Refused);
            await KeepAsync(id, answer);
            return answer;
        }
        finally
        {
            underWay.TryRemove(id, out _);
        }
    }

    private async Task KeepAsync(string id, IssuerAnswer answer)
    {
        if (answer.Fault is not (null or IssuerFault.Refused))
        {
            return;
        }

        // A session that has ended meanwhile stays ended.
        var kept =
            store.Update(id, session => session with { Tokens = session.Tokens is null ? null : answer.Tokens }) is { Tokens: not null };
        Log.Refreshed(logger, answer.Fault is null ? "refreshed" : "ended by the issuer");
        if (!kept && answer.Tokens?.RefreshToken is { } orphan)
        {
            // The session ended here or at the issuer during the refresh. The new refresh token must not stay valid.
            await issuer.RevokeAsync(orphan);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Session {Outcome}")]
        public static partial void Refreshed(ILogger logger, string outcome);
    }
}
