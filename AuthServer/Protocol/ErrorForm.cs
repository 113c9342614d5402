namespace AuthServer.Protocol;

/// <summary>A feature of a request whose refusals have another form than RFC 6749 5.2's: what the JSON of one is.</summary>
internal sealed record ErrorForm(Func<OAuthError, object> BodyOf);
