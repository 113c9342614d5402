namespace AuthServer.Sessions;

/// <summary>What a session gave to one client.</summary>
/// <param name="Generation">Of the living refresh token; 0 when there is none.</param>
/// <param name="ExpiresAt">Of the living refresh token.</param>
internal sealed record ClientPart(Guid AuthorizationId, string? Client, IReadOnlyList<string> Scopes, int Generation, DateTimeOffset? ExpiresAt);

/// <param name="Client">Null for what concerned the whole session.</param>
internal sealed record HistoryEvent(
    DateTimeOffset At, SessionEventKind Kind, string? Client, int? Generation, string? Address, string? Reason);

/// <summary>A session and all that is known of what happened to it: the answer to "why was I logged out?".</summary>
/// <param name="EarlierEvents">How many there are besides, older than those told.</param>
internal sealed record SessionHistory(
    SessionRow Session, string Methods, IReadOnlyList<ClientPart> Clients, IReadOnlyList<HistoryEvent> Events, int EarlierEvents)
{
    /// <summary>Refreshing had come to its absolute end, however often it was done.</summary>
    public const string LifetimeReached = "lifetime_reached";

    /// <summary>The refresh token was not used in time.</summary>
    public const string IdleTooLong = "idle_too_long";

    /// <summary>Time passes without anybody noting it: what has expired though no event says so.</summary>
    public static IEnumerable<HistoryEvent> Unnoted(SessionRow session, IReadOnlyList<ClientPart> clients, IReadOnlyList<SessionEvent> noted, DateTimeOffset now)
    {
        var end = session.EndedAt ?? now;
        var expired = clients.Where(part => part.Generation > 0 && part.ExpiresAt <= end).ToList();
        foreach (var part in expired)
        {
            if (!noted.Any(entry => entry.Kind is SessionEventKind.Expired && entry.AuthorizationId == part.AuthorizationId))
            {
                var reason = part.ExpiresAt >= session.ExpiresAt ? LifetimeReached : IdleTooLong;
                yield return new HistoryEvent(part.ExpiresAt!.Value, SessionEventKind.Expired, part.Client, part.Generation, null, reason);
            }
        }

        if (expired.Count is 0 && session.ExpiresAt <= end)
        {
            yield return new HistoryEvent(session.ExpiresAt, SessionEventKind.Expired, null, null, null, LifetimeReached);
        }
    }
}
