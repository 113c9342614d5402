using AuthServer.Sessions;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// One step of an authorization: a code or a refresh token is redeemed for the next refresh token. <see cref="Redeemer"/> writes it only if
/// nobody has changed the authorization since it was read.
/// </summary>
/// <param name="Successor">The refresh token issued in exchange. Its generation is 0 if the client gets none.</param>
/// <param name="ExpiresAt">Until when the successor can be redeemed.</param>
/// <param name="Event">Written in the same transaction.</param>
internal sealed record Redemption(AuthorizationSnapshot Authorization, RefreshToken Successor, DateTimeOffset ExpiresAt, SessionEvent Event)
{
    /// <summary>The authorization's concurrency token after the redemption.</summary>
    public string ConcurrencyToken { get; } = Guid.CreateVersion7().ToString();

    /// <summary>Until when the session is kept at least.</summary>
    public DateTimeOffset KeptUntil { get; init; } = ExpiresAt;

    /// <summary>Set for a device: a browser elsewhere began the session, and the device continues it.</summary>
    public RequestSource? Device { get; init; }

    public DateTimeOffset At => Successor.IssuedAt;

    /// <summary>True if the session's row has to be written too.</summary>
    public bool TouchesSession =>
        Device is not null || Authorization.LastSeenAt + Session.LastSeenStep <= At || Authorization.SessionExpiresAt < KeptUntil;

    public DateTimeOffset SessionExpiresAt => Authorization.SessionExpiresAt < KeptUntil ? KeptUntil : Authorization.SessionExpiresAt;
}
