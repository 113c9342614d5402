namespace SampleClient.Issuer;

/// <summary>The tokens of a session. They stay on this server: the browser never sees a token.</summary>
internal sealed record TokenSet(
    string AccessToken, string? RefreshToken, string? IdentityToken, DateTimeOffset ReceivedAt, DateTimeOffset ExpiresAt)
{
    private static readonly TimeSpan LargestMargin = TimeSpan.FromSeconds(30);

    /// <summary>RFC 6749 5.1: expires_in is only recommended. Without it, the token is used once and then refreshed.</summary>
    public static TokenSet Of(
        string accessToken, DateTimeOffset? expiresAt, string? refreshToken, string? identityToken, DateTimeOffset now) =>
        new(accessToken, refreshToken, identityToken, now, expiresAt ?? now);

    /// <summary>
    /// When to refresh, so that a call in progress still succeeds: 30 seconds before expiry, or a tenth of the lifetime if that is
    /// less.
    /// </summary>
    public DateTimeOffset RefreshAt
    {
        get
        {
            var margin = (ExpiresAt - ReceivedAt) / 10;
            return ExpiresAt - (margin < LargestMargin ? margin : LargestMargin);
        }
    }

    // A record's ToString prints its members, and tokens must not appear in a log.
    public override string ToString() => nameof(TokenSet);
}
