namespace AuthServer.Connect.Refresh;

/// <summary>The content of a refresh token: its authorization, and its number in the order in which the authorization issued them.</summary>
/// <param name="IssuedAt">To the second, once the token has been read back.</param>
internal readonly record struct RefreshToken(Guid AuthorizationId, int Generation, DateTimeOffset IssuedAt);
