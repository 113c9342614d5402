namespace AuthServer.Sessions;

/// <summary>The authorization of one client in a session.</summary>
/// <param name="Generation">The number of the last refresh token; 0 if there is none.</param>
/// <param name="ExpiresAt">When the last refresh token expires.</param>
internal sealed record ClientPart(
    Guid AuthorizationId, string? Client, IReadOnlyList<string> Scopes, int Generation, DateTimeOffset? ExpiresAt);

/// <param name="Client">Null if the event concerns the whole session.</param>
internal sealed record HistoryEvent(
    DateTimeOffset At, SessionEventKind Kind, string? Client, int? Generation, string? Address, string? Reason);

/// <summary>A session and its known events: the answer to "why was I logged out?".</summary>
/// <param name="EarlierEvents">The number of older events, which are not listed.</param>
internal sealed record SessionHistory(
    SessionRow Session, string Methods, IReadOnlyList<ClientPart> Clients, IReadOnlyList<HistoryEvent> Events, int EarlierEvents)
{
    /// <summary>The absolute lifetime was over, which refreshing does not extend.</summary>
    public const string LifetimeReached = "lifetime_reached";

    /// <summary>The refresh token was not used in time.</summary>
    public const string IdleTooLong = "idle_too_long";

    /// <summary>Makes events for expiries that no recorded event mentions, because nothing happens when something expires.</summary>
    public static IEnumerable<HistoryEvent> Unnoted(
        SessionRow session, IReadOnlyList<ClientPart> clients, IReadOnlyList<SessionEvent> noted, DateTimeOffset now)
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
