namespace AuthServer.Connect.Refresh;

/// <summary>What a refresh token says: which authorization it is of, and the number in its line.</summary>
/// <param name="IssuedAt">To the second.</param>
internal readonly record struct RefreshToken(Guid Authorization, int Generation, DateTimeOffset IssuedAt);
