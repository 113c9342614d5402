using SampleClient.Answers;
using SampleClient.Issuer;

namespace SampleClient.Sessions;

/// <summary>A sign-in at this app. The browser holds its id in a protected cookie, the rest stays here.</summary>
/// <param name="Id">Names the file, and is of no use without the cookie's protection. See <see cref="SessionStore.NewId"/>.</param>
/// <param name="Subject">The person's identifier at the issuer; never changes.</param>
/// <param name="UserName">What the person signs in with, to be offered again.</param>
/// <param name="DisplayName">What to call the person.</param>
internal sealed record Session(string Id, string Subject, string UserName, string DisplayName)
{
    /// <summary>Null once the issuer has ended it. The session is kept then, for what the person was doing.</summary>
    public TokenSet? Tokens { get; init; }

    /// <summary>Whether the person signed in at the issuer, where the other apps find them signed in too. Not so with the password grant.</summary>
    public bool IsShared { get; init; }

    /// <summary>A note that was typed and is not with the API yet.</summary>
    public NoteDraft? Draft { get; init; }

    /// <summary>To be shown on the next page, once: what a form that has been answered with a redirect came to.</summary>
    public Flash? Flash { get; init; }
}

internal sealed record Flash(Notice Notice, ApiAnswer? Answer = null);

/// <summary>A note as the API takes it.</summary>
internal sealed record NoteDraft(string Title, string Text);
