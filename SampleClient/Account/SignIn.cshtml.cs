using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>Sends the browser to the issuer. The page is shown only if this is not possible.</summary>
[AllowAnonymous]
internal sealed class SignInModel(IssuerRedirection redirection, IOptions<IssuerOptions> options) : AccountPage(options)
{
    public async Task<IActionResult> OnGetAsync()
    {
        if (IsSignedIn)
        {
            return LocalRedirect(Target);
        }

        var failed = await redirection.SendToSignInAsync(HttpContext, Target, Ended?.UserName);
        return failed is null ? new EmptyResult() : Explain(failed);
    }
}
