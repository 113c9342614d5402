using Microsoft.AspNetCore;

namespace AuthServer.Hosting;

/// <summary>The client id of a request, for the log.</summary>
internal static class LoggedClientId
{
    private const int Longest = 100;

    /// <summary>Until the client is authenticated the id is text of anybody.</summary>
    /// <returns>Null unless RFC 6749 A.1 allows the text and it is short.</returns>
    public static string? Of(HttpContext context) =>
        context.GetOpenIddictServerRequest()?.ClientId is { Length: > 0 and <= Longest } id
            && id.All(character => character is >= ' ' and <= '~')
            ? id
            : null;
}
