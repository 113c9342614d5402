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
/// What the API lets only somebody do who has signed in lately: a step-up (RFC 9470). The button calls the API; its
/// challenge sends the browser to the issuer, which sends it back here, to the same button. Nothing is done by coming back.
/// </summary>
internal sealed class DeleteAllModel(ApiClient api, IssuerRedirection redirection, IOptions<IssuerOptions> issuer) : SignedInPage
{
    /// <summary>Whether the person comes from there. Who is challenged again then is told so, and not sent around in circles.</summary>
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
