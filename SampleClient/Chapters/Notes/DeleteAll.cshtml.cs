using Microsoft.AspNetCore.Mvc;
using SampleClient.Api;
using SampleClient.Chapters.StepUp;
using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient.Chapters.Notes;

/// <summary>
/// An action that the API allows only after a recent sign-in: a step-up (RFC 9470). The button calls the API, whose challenge sends
/// the browser to the issuer. The issuer sends the browser back to this page. Coming back does nothing; the user presses the button
/// again.
/// </summary>
internal sealed class DeleteAllModel(ApiClient api) : SignedInPage
{
    /// <summary>
    /// True if the user has just signed in again for this. A further challenge is then shown, instead of sending the user in
    /// circles.
    /// </summary>
    public bool HasSignedInAnew { get; private set; }

    public void OnGet()
    {
        TakeFlash();
        HasSignedInAnew = Notice == StepUpNotice.SignedInAnew;
    }

    public async Task<IActionResult> OnPostAsync(bool hasSignedInAnew, CancellationToken cancellationToken)
    {
        var result = await api.CallAsync(Session, HttpMethod.Delete, "api/notes", body: null, cancellationToken);
        if (result.MustSignInAgain)
        {
            return SignInAgain();
        }

        if (result.Answer is not { } answer)
        {
            return Fail(result.Problem!);
        }

        if (answer.IsSuccess)
        {
            return RedirectWith(new Flash(NotesNotice.AllDeleted, answer), "Index");
        }

        if (answer.Challenge is { IsStepUp: true } challenge && !hasSignedInAnew)
        {
            return RedirectToPage("/Chapters/StepUp/Index", new { returnUrl = Request.Path.Value, challenge.MaxAge, challenge.AcrValues });
        }

        Answer = answer;
        Notice = hasSignedInAnew && answer.Challenge is { IsStepUp: true } ? StepUpNotice.SignedInInVain : null;
        return Page();
    }
}
