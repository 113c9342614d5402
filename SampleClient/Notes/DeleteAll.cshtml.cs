using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Account;
using SampleClient.Answers;
using SampleClient.Api;
using SampleClient.Issuer;
using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient.Notes;

/// <summary>
/// An action that the API allows only after a recent sign-in: a step-up (RFC 9470). The button calls the API, whose challenge sends
/// the browser to the issuer. The issuer sends the browser back to this page. Coming back does nothing; the user presses the button
/// again.
/// </summary>
internal sealed class DeleteAllModel(ApiClient api, IssuerRedirection redirection, IOptions<IssuerOptions> issuer) : SignedInPage
{
    /// <summary>
    /// True if the user has just signed in again for this. A further challenge is then shown, instead of sending the user in
    /// circles.
    /// </summary>
    public bool HasSignedInAnew { get; private set; }

    public void OnGet()
    {
        TakeFlash();
        HasSignedInAnew = Notice == Notice.SignedInAnew;
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
            return RedirectWith(new Flash(Notice.NotesDeleted, answer), "/Notes/Index");
        }

        if (answer.Challenge is { IsStepUp: true } challenge && !hasSignedInAnew)
        {
            var failed = await redirection.SendToStepUpAsync(HttpContext, "/notes/deleteall", Session, challenge);
            return failed is null ? new EmptyResult() : Fail(Notice.For(failed, issuer.Value.AuthorityUri!));
        }

        Answer = answer;
        Notice = hasSignedInAnew && answer.Challenge is { IsStepUp: true } ? Notice.SignedInInVain : null;
        return Page();
    }
}
