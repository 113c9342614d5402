using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>Sends the browser to the issuer. It is a page for when that cannot be.</summary>
[AllowAnonymous]
internal sealed class SignInModel(IssuerRedirection issuer, IOptions<IssuerOptions> options) : AccountPage
{
    public SignInProblem Problem { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (IsSignedIn)
        {
            return LocalRedirect(Target);
        }

        if (await issuer.SendToSignInAsync(HttpContext, Target, Ended?.UserName) is not { } failed)
        {
            return new EmptyResult();
        }

        Problem = SignInProblem.Of(failed, options.Value.AuthorityUri!, Target, IsSignedIn);
        Response.StatusCode = Problem.Status;
        return Page();
    }
}
