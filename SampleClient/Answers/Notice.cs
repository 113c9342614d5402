using System.Globalization;
using SampleClient.Issuer;

namespace SampleClient.Answers;

internal enum NoticeKind
{
    Done,
    Info,
    Problem,
}

/// <summary>A message to the user. The texts of the core are in this file, those of a chapter in its own.</summary>
internal sealed record Notice(NoticeKind Kind, string Title, string Text)
{
    public static readonly Notice Refreshed =
        new(NoticeKind.Done, "Refreshed", "The login server gave new tokens; the old refresh token is used up.");

    public static readonly Notice SignInDenied =
        new(NoticeKind.Info, "You did not sign in", "The login server has told nothing about you. Sign in whenever you like.");

    public static readonly Notice StepUpDenied =
        new(NoticeKind.Info, "You did not sign in anew", "Nothing has been done, and you are signed in as before.");

    public static readonly Notice SignInWanted =
        new(
            NoticeKind.Info,
            "The login server has a question",
            "It could not sign you in without asking you something. Try again to see what it is.");

    // The notice does not tell which case it is: only the person who began the sign-in may know that.
    public static readonly Notice SignInUnfinished =
        new(
            NoticeKind.Problem,
            "This sign-in cannot be finished",
            "It was begun too long ago, or in another browser, or it is over already. You are not signed in here; sign in once more.");

    public static Notice TooWeak(Uri issuer) =>
        new(
            NoticeKind.Problem,
            "A stronger sign-in is wanted",
            "You have nothing set up that is strong enough. Set up two-step sign-in or a passkey in your account at "
            + $"{Origin(issuer)}, and try again. Nothing has been done.");

    public static Notice SessionEnded(bool withDraft) => new(
        NoticeKind.Info,
        "You have been signed out",
        "The login server has ended your session. Please sign in again."
            + (withDraft ? " The note you were writing is kept and comes back once you are signed in." : ""));

    public static Notice SignedOut(string app, bool isRevoked, DateTimeOffset? accessTokenEndsAt) => isRevoked
        ? new(
            NoticeKind.Done,
            $"You are signed out of {app}",
            "Its refresh token has been revoked at the login server." + Remaining(accessTokenEndsAt))
        : new(
            NoticeKind.Problem,
            $"You are signed out of {app}, but the login server does not know",
            "It did not answer, so the refresh token could not be revoked. This app has forgotten it.");

    public static Notice SignedOutEverywhere(string app) => new(
        NoticeKind.Done, $"You are signed out of {app}",
        "You are signed out at the login server too, and the next app that asks will want your password.");

    public static Notice SignedOutHereOnly(string app) => new(
        NoticeKind.Problem, $"You are signed out of {app}, but perhaps not at the login server",
        "It did not confirm it, so another app may still let you in. On a computer that is not yours, close the browser.");

    /// <summary>
    /// For every fault except <see cref="IssuerFault.Refused"/> and those that only a browser brings back. Each page handles these
    /// itself.
    /// </summary>
    public static Notice For(IssuerAnswer answer, Uri issuer) => answer.Fault switch
    {
        IssuerFault.Busy => new(
            NoticeKind.Problem,
            "One moment, please",
            $"The login server is asked too often, or has too much to do. Try again {When(answer.RetryAfter)}."),
        IssuerFault.RefusesApp => new(
            NoticeKind.Problem,
            "The login server does not accept this app",
            "That is a matter of its settings, not of yours. Tell whoever runs it: the reason is in the log."),
        _ => new(
            NoticeKind.Problem,
            "The login server is away",
            $"{Origin(issuer)} does not answer as it should. Nothing of yours is lost; try again in a moment."),
    };

    public static Notice ApiAway(Uri api) =>
        new(
            NoticeKind.Problem,
            "The API is away",
            $"{Origin(api)} does not answer. You are still signed in and nothing of yours is lost; try again in a moment.");

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    // RFC 7009 3: a self-contained access token stays valid after the revocation.
    private static string Remaining(DateTimeOffset? endsAt) =>
        endsAt is { } end
            ? $" The last access token ends by itself at {end.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC."
            : "";

    /// <summary>When to try again, in words.</summary>
    public static string When(TimeSpan? wait) => wait switch
    {
        null => "in a moment",
        { TotalSeconds: <= 1 } => "in a second",
        { TotalSeconds: <= 90 } => $"in {Math.Ceiling(wait.Value.TotalSeconds):0} seconds",
        _ => $"in {Math.Ceiling(wait.Value.TotalMinutes):0} minutes",
    };
}
