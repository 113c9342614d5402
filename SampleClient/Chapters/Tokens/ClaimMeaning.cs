namespace SampleClient.Chapters.Tokens;

/// <summary>Explains the members of a JWT in plain words.</summary>
internal static class ClaimMeaning
{
    public static string? Of(string name) => name switch
    {
        // RFC 7515 4.1, RFC 9068 2.1
        "alg" => "how it is signed",
        "typ" => "what kind of token it is",
        "kid" => "which of the issuer's keys signed it",

        // RFC 7519 4.1, RFC 9068 2.2
        "iss" => "who made it",
        "sub" => "who it is about",
        "aud" => "who it is for",
        "exp" => "when it ends",
        "iat" => "when it was made",
        "nbf" => "not good before",
        "jti" => "its own number",
        "client_id" or "azp" => "which app asked for it",
        "scope" => "what it allows",
        "auth_time" => "when the password was typed",
        "acr" => "how strong the sign-in was",
        "amr" => "how the person signed in",
        "sid" => "which sign-in it belongs to",
        "role" or "roles" => "what the person is here",

        // OpenID Connect Core 1.0, 3.1.3.6 and 5.1
        "at_hash" => "binds it to its access token",
        "name" => "what to call the person",
        "preferred_username" => "what the person signs in with",
        "email" => "where to write to the person",
        "email_verified" => "whether that address was checked",
        _ => null,
    };
}
