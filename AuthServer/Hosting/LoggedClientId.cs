using Microsoft.AspNetCore;

namespace AuthServer.Hosting;

/// <summary>The client id of a request, for the log.</summary>
internal static class LoggedClientId
{
    private const int Longest = 100;

    /// <summary>Before the client is authenticated, the id may be any text from anyone.</summary>
    /// <returns>Null if RFC 6749 A.1 does not allow the text, or if it is longer than 100 characters.</returns>
    public static string? Of(HttpContext context) =>
        context.GetOpenIddictServerRequest()?.ClientId is { Length: > 0 and <= Longest } id
            && id.All(character => character is >= ' ' and <= '~')
            ? id
            : null;
}
