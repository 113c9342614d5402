using System.Security.Claims;
using SampleClient.Issuer;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Sessions;

/// <summary>The last step of every sign-in, through the browser or by password.</summary>
internal sealed class SessionStart(SessionStore store, IssuerClient issuer)
{
    /// <param name="context">The request that brought the tokens.</param>
    /// <param name="answer">It contains the tokens and the user.</param>
    /// <param name="userName">The name typed at this app; null if the user signed in at the issuer.</param>
    public async Task<Session> BeginAsync(HttpContext context, IssuerAnswer answer, string? userName = null)
    {
        var (tokens, person) = (answer.Tokens!, answer.Person!);
        var subject = person.FindFirstValue(Claims.Subject)!;
        var known = userName ?? person.FindFirstValue(Claims.PreferredUsername) ?? "";
        var displayName = person.FindFirstValue(Claims.Name) ?? (known.Length > 0 ? known : subject);
        var before = context.Session();

        // Only the user who typed a draft gets it back. Every sign-in creates a new session id.
        var session = new Session(
            SessionStore.NewId(subject, person.FindFirstValue(SessionsFeature.SessionId)),
            subject,
            known,
            displayName)
        {
            Tokens = tokens,
            Draft = before?.Subject == subject ? before.Draft : null,
            IsShared = userName is null,
        };
        store.Add(session);
        await context.SignInAsync(session);
        if (before is not null)
        {
            store.Remove(before.Id);
            _ = before.Tokens?.RefreshToken is not { } refreshToken || await issuer.RevokeAsync(refreshToken);
        }

        return session;
    }
}
