using Microsoft.AspNetCore.Authentication;
using SampleClient.Account;
using SampleClient.Sessions;

namespace SampleClient.Chapters.StepUp;

/// <summary>
/// Tells the user that the sign-in is fresh now. If another user has signed in, the action is not theirs, and they go to the start page.
/// </summary>
internal sealed class AfterStepUp(SessionStore store) : ISignInFollowUp
{
    /// <summary>In the properties of a step-up: the subject of the user who has to sign in again.</summary>
    public const string Subject = "step_up_of";

    public string? AfterSignIn(AuthenticationProperties properties, Session? before, Session session)
    {
        if (properties.GetString(Subject) is not { } asked)
        {
            return null;
        }

        var isSomebodyElse = asked != session.Subject;
        var notice = isSomebodyElse ? StepUpNotice.SignedInAsAnother(session.DisplayName, before?.DisplayName) : StepUpNotice.SignedInAnew;
        store.Update(session.Id, current => current with { Flash = new Flash(notice) });
        return isSomebodyElse ? "/" : null;
    }
}
