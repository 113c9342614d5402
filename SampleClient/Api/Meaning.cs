using SampleClient.Answers;

namespace SampleClient.Api;

/// <summary>Explains a response of the API in plain words.</summary>
internal static class Meaning
{
    public static string Of(ApiAnswer answer, string app) => answer.Status switch
    {
        >= 200 and < 300 => "The API accepted the access token and did what it was asked.",
        400 => "The API did not accept what was sent.",
        401 when !answer.SentToken => "The API wants an access token, and none was sent. This is all that a stranger gets to see.",
        401 when answer.Challenge is { IsStepUp: true } =>
            "The API knows you, but for this it wants you to have signed in more lately, or in a stronger way.",
        401 => "The API did not accept the access token, not even a fresh one.",
        403 when answer.Challenge is { Error: "insufficient_scope" } challenge => $"{app} is not allowed to do this. It takes the "
            + $"permission {challenge.Scope ?? "of a scope that the API does not name"}, which the login server does not give to {app}.",
        403 => "You are signed in, but you are not allowed to do this.",
        404 => "The API has no such thing, or not for you.",
        429 => "The API has had too many requests. Try again later.",
        >= 500 => "The API has trouble of its own. Try again in a moment.",
        _ => "The API gave an answer that this app has no words for.",
    };
}
