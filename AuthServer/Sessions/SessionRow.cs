namespace AuthServer.Sessions;

/// <summary>A session as the commands and the administration API show it.</summary>
/// <param name="User">The user name.</param>
/// <param name="Clients">The ids of the clients that have an authorization in it.</param>
internal sealed record SessionRow(
    Guid Id,
    Guid UserId,
    string? User,
    DateTimeOffset SignedInAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? EndReason,
    string? Address,
    string? UserAgent,
    Guid? ImpersonatorId,
    string? ImpersonationReason,
    IReadOnlyList<string?> Clients)
{
    /// <summary>The place in a list: the newest first, and of the same instant by id.</summary>
    public (DateTimeOffset SignedInAt, Guid Id) Position => (SignedInAt, Id);

    public const string Active = "active";
    public const string Ended = "ended";
    public const string Expired = "expired";

    public string StateAt(DateTimeOffset now) => EndedAt is not null ? Ended : ExpiresAt <= now ? Expired : Active;
}
