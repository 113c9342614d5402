namespace AuthServer.Sessions;

/// <summary>A session as it is told to people.</summary>
/// <param name="Clients">The ids of those that it gave something to.</param>
internal sealed record SessionRow(
    Guid Id,
    string? User,
    DateTimeOffset SignedInAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? EndReason,
    string? Address,
    string? UserAgent,
    IReadOnlyList<string?> Clients)
{
    public const string Active = "active";
    public const string Ended = "ended";
    public const string Expired = "expired";

    public string StateAt(DateTimeOffset now) => EndedAt is not null ? Ended : ExpiresAt <= now ? Expired : Active;
}
