using Microsoft.AspNetCore;

namespace AuthServer.Hosting;

/// <summary>The client id of a request, for the log.</summary>
internal static class LoggedClientId
{
    private const int Longest = 100;

    /// <summary>Anybody may write any text there until the client is authenticated: null unless RFC 6749 A.1 allows it and it is short.</summary>
    public static string? Of(HttpContext context) =>
        context.GetOpenIddictServerRequest()?.ClientId is { Length: > 0 and <= Longest } id && id.All(character => character is >= ' ' and <= '~')
            ? id
            : null;
}
