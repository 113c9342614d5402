using AuthServer.Sessions;

namespace AuthServer.Connect.Refresh;

/// <summary>A family that goes from one refresh token to the next.</summary>
/// <param name="Family">As it was read: the move is made only if nobody has changed it since.</param>
/// <param name="ConcurrencyToken">What the row bears afterwards.</param>
/// <param name="ExpiresAt">Until when the successor can be redeemed.</param>
/// <param name="Event">Written with it.</param>
internal sealed record Move(Family Family, string ConcurrencyToken, DateTimeOffset At, DateTimeOffset ExpiresAt, SessionEvent Event)
{
    /// <summary>Whether the session is written. Its lifetime may have been raised since the sign-in, and it is kept as long as its tokens.</summary>
    public bool TouchesSession => Family.LastSeenAt + Session.LastSeenStep <= At || Family.SessionExpiresAt < ExpiresAt;

    public DateTimeOffset SessionExpiresAt => Family.SessionExpiresAt < ExpiresAt ? ExpiresAt : Family.SessionExpiresAt;
}
