namespace AuthServer.Sessions;

/// <summary>The address and the user agent of a request, as far as they are known.</summary>
internal sealed record RequestSource(string? Address, string? UserAgent)
{
    public static RequestSource Of(HttpContext context) => new(
        context.Connection.RemoteIpAddress?.ToString(),
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? Cut(agent) : null);

    // Does not cut through a surrogate pair: PostgreSQL refuses half a character.
    private static string Cut(string text) =>
        text.Length <= Session.LongestText ? text
        : text[..(char.IsHighSurrogate(text[Session.LongestText - 1]) ? Session.LongestText - 1 : Session.LongestText)];
}
