namespace SampleClient.Issuer;

/// <summary>What the issuer gave. It stays on this server: the browser never sees a token.</summary>
internal sealed record TokenSet(
    string AccessToken, string? RefreshToken, string? IdentityToken, DateTimeOffset ReceivedAt, DateTimeOffset ExpiresAt)
{
    private static readonly TimeSpan LargestMargin = TimeSpan.FromSeconds(30);

    /// <summary>RFC 6749 5.1: expires_in is only recommended. Without it, the token is tried once and then renewed.</summary>
    public static TokenSet Of(string accessToken, DateTimeOffset? expiresAt, string? refreshToken, string? identityToken, DateTimeOffset now)
        => new(accessToken, refreshToken, identityToken, now, expiresAt ?? now);

    /// <summary>Early enough for a call that is about to be made: 30 seconds before the end, or a tenth of a short life.</summary>
    public DateTimeOffset RefreshAt
    {
        get
        {
            var margin = (ExpiresAt - ReceivedAt) / 10;
            return ExpiresAt - (margin < LargestMargin ? margin : LargestMargin);
        }
    }

    // A record prints its members, and tokens have no business in a log.
    public override string ToString() => nameof(TokenSet);
}
