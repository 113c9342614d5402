using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient.Chapters.Tokens;

/// <summary>Shows the content of this session's tokens.</summary>
internal sealed class IndexModel(TimeProvider time) : SignedInPage
{
    public TokenCard AccessToken =>
        Card("access-heading", "Access token", "For the API, sent with every call", Session.Tokens!.AccessToken);

    public TokenCard IdentityToken => Card("identity-heading", "ID token", "For this app: who signed in", Session.Tokens!.IdentityToken);

    private TokenCard Card(string id, string title, string purpose, string? token) =>
        new(
            id,
            title,
            purpose,
            token is null ? "None was given." : "It is opaque: only the API and the login server can read it.",
            DecodedToken.Read(token, time.GetUtcNow()));
}

internal sealed record TokenCard(string Id, string Title, string Purpose, string Missing, DecodedToken? Token);
