namespace AuthServer.Sessions;

/// <summary>Where a request came from, as far as it says.</summary>
internal sealed record Origin(string? Address, string? UserAgent)
{
    public static Origin Of(HttpContext context) => new(
        context.Connection.RemoteIpAddress?.ToString(),
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? Cut(agent) : null);

    // Not in the middle of a character, of which PostgreSQL takes no half.
    private static string Cut(string text) =>
        text.Length <= Session.LongestText ? text
        : text[..(char.IsHighSurrogate(text[Session.LongestText - 1]) ? Session.LongestText - 1 : Session.LongestText)];
}
