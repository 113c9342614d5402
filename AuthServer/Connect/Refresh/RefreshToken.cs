namespace AuthServer.Connect.Refresh;

/// <summary>The content of a refresh token.</summary>
/// <param name="Generation">
/// Its number among the refresh tokens of the authorization, counted from 1. 0 if the client gets no refresh token.
/// </param>
/// <param name="IssuedAt">Whole seconds only, once the token has been read back.</param>
internal readonly record struct RefreshToken(Guid AuthorizationId, int Generation, DateTimeOffset IssuedAt);
