namespace AuthServer.Protocol;

/// <summary>The address and the user agent of a request, as far as they are known.</summary>
internal sealed record RequestSource(string? Address, string? UserAgent)
{
    /// <summary>In characters. The rest of a user agent is cut off.</summary>
    public const int LongestAgent = 256;

    public static RequestSource Of(HttpContext context) => new(
        context.RemoteAddress()?.ToString(),
        context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? Cut(agent) : null);

    // Does not cut through a surrogate pair: PostgreSQL refuses half a character.
    private static string Cut(string text) =>
        text.Length <= LongestAgent ? text
        : text[..(char.IsHighSurrogate(text[LongestAgent - 1]) ? LongestAgent - 1 : LongestAgent)];
}
