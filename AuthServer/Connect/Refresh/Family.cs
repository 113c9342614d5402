using AuthServer.Users;

namespace AuthServer.Connect.Refresh;

/// <summary>An authorization with the session, the client and the person that it hangs on, as a refresh needs them.</summary>
internal sealed class Family
{
    public required Guid AuthorizationId { get; init; }

    public required string? ConcurrencyToken { get; init; }

    public required string? Status { get; init; }

    /// <summary>A JSON array.</summary>
    public required string? Scopes { get; init; }

    /// <summary>What was asked for by name: see <see cref="AskedClaims"/>.</summary>
    public required string? Properties { get; init; }

    public required int Generation { get; init; }

    /// <summary>Null where the code has not been redeemed, and there is nothing to refresh.</summary>
    public required DateTimeOffset? RefreshedAt { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required string ClientId { get; init; }

    public required Guid SessionId { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required string Methods { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset SessionExpiresAt { get; init; }

    /// <summary>The person's at the sign-in.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>Not tracked, and with no more than what tokens tell and what ends a sign-in.</summary>
    public required User User { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>
    /// Whether a token of this <see cref="Generation"/> is the one that was issued. After a backup was restored there may be another of that
    /// number, from the time that was lost.
    /// </summary>
    public bool Issued(RefreshToken token) => RefreshedAt is { } at && at.ToUnixTimeSeconds() == token.IssuedAt.ToUnixTimeSeconds();

    public RefreshToken Token => new(AuthorizationId, Generation, RefreshedAt!.Value);
}
