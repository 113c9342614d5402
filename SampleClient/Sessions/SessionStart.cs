using System.Security.Claims;
using SampleClient.Answers;
using SampleClient.Issuer;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Sessions;

/// <summary>What every sign-in ends in, whichever way the tokens came.</summary>
internal sealed class SessionStart(SessionStore store, IssuerClient issuer)
{
    /// <param name="context">Of the request that brought the tokens.</param>
    /// <param name="answer">With tokens and the person.</param>
    /// <param name="userName">What was typed here; null when it was typed at the issuer.</param>
    /// <param name="stepUpOf">The subject of who was to sign in anew; null when it was an ordinary sign-in.</param>
    /// <returns>False when it was somebody else who did.</returns>
    public async Task<bool> BeginAsync(HttpContext context, IssuerAnswer answer, string? userName = null, string? stepUpOf = null)
    {
        var (tokens, person) = (answer.Tokens!, answer.Person!);
        var subject = person.FindFirstValue(Claims.Subject)!;
        var known = userName ?? person.FindFirstValue(Claims.PreferredUsername) ?? "";
        var displayName = person.FindFirstValue(Claims.Name) ?? (known.Length > 0 ? known : subject);
        var isSomebodyElse = stepUpOf is not null && stepUpOf != subject;
        var before = context.Session();

        // What was being typed is for the person who typed it. The session gets a new id, as after every sign-in.
        var session = new Session(
            SessionStore.NewId(subject, person.FindFirstValue(SessionsFeature.SessionId)),
            subject,
            known,
            displayName)
        {
            Tokens = tokens,
            Draft = before?.Subject == subject ? before.Draft : null,
            IsShared = userName is null,
            Flash = stepUpOf is null ? null : new Flash(isSomebodyElse ? Notice.SignedInAsAnother(displayName, before?.DisplayName) : Notice.SignedInAnew),
        };
        store.Add(session);
        await context.SignInAsync(session);
        if (before is not null)
        {
            store.Remove(before.Id);
            _ = before.Tokens?.RefreshToken is not { } refreshToken || await issuer.RevokeAsync(refreshToken);
        }

        return !isSomebodyElse;
    }
}
