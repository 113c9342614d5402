namespace AuthServer.Protocol;

/// <summary>Set as a feature of a request whose errors have another JSON form than RFC 6749 5.2.</summary>
internal sealed record ErrorForm(Func<OAuthError, object> BodyOf);
