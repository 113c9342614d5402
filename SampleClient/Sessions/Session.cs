using System.Text.Json;
using SampleClient.Answers;
using SampleClient.Issuer;

namespace SampleClient.Sessions;

/// <summary>A sign-in at this app. The browser has its id in an encrypted cookie; everything else stays on the server.</summary>
/// <param name="Id">Also the name of the session's file. It is useless without the encryption of the cookie. See
/// <see cref="SessionStore.NewId"/>.</param>
/// <param name="Subject">The user's identifier at the issuer; it never changes.</param>
/// <param name="UserName">The name to suggest at the next sign-in.</param>
/// <param name="DisplayName">The name to show on pages.</param>
internal sealed record Session(string Id, string Subject, string UserName, string DisplayName)
{
    /// <summary>Null after the issuer has ended the session. The session is then kept for what the user was doing.</summary>
    public TokenSet? Tokens { get; init; }

    /// <summary>
    /// True if the user signed in at the issuer and so is signed in to the other apps, too. False for the password grant.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>Text that the user has typed and the API does not have yet, in the form of the page that will show it again.</summary>
    public JsonElement? Draft { get; init; }

    /// <summary>Shown once, on the next page: the result of a form that was answered with a redirect.</summary>
    public Flash? Flash { get; init; }
}

internal sealed record Flash(Notice Notice, ApiAnswer? Answer = null);
