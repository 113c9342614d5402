using System.Text.RegularExpressions;

namespace SampleClient.Api;

/// <summary>An answer in plain words.</summary>
internal static partial class Meaning
{
    public static string Of(ApiAnswer answer, string app) => answer.Status switch
    {
        >= 200 and < 300 => "The API accepted the access token and did what it was asked.",
        400 => "The API did not accept what was sent.",
        401 when !answer.SentToken => "The API wants an access token, and none was sent. This is all that a stranger gets to see.",
        401 => "The API did not accept the access token, not even a fresh one.",
        403 when MissingScope(answer) is { } scope => $"{app} is not allowed to do this. It takes the permission {scope}, which the login server does not give to {app}.",
        403 => "You are signed in, but you are not allowed to do this.",
        404 => "The API has no such thing, or not for you.",
        429 => "The API has had too many requests. Try again later.",
        >= 500 => "The API has trouble of its own. Try again in a moment.",
        _ => "The API gave an answer that this app has no words for.",
    };

    // RFC 6750 3.1
    private static string? MissingScope(ApiAnswer answer)
        => answer.Header("WWW-Authenticate") is { } challenge && challenge.Contains("insufficient_scope", StringComparison.Ordinal)
            ? ScopeParameter().Match(challenge) is { Success: true } match ? match.Groups[1].Value : "of a scope that the API does not name"
            : null;

    [GeneratedRegex("scope=\"([^\"]*)\"")]
    private static partial Regex ScopeParameter();
}
