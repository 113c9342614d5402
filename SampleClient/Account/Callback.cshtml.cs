using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>
/// The redirect URI: the issuer sends the browser back to this address. The page is shown only if the sign-in has failed.
/// </summary>
[AllowAnonymous]
internal sealed class CallbackModel(
    IssuerRedirection redirection, SessionStart sessions, IEnumerable<ISignInFollowUp> followUps, IOptions<IssuerOptions> options)
    : AccountPage(options)
{
    public async Task<IActionResult> OnGetAsync()
    {
        var returned = await redirection.ReceiveAsync(HttpContext);

        // The return address comes from the protected state, not from the query.
        ReturnUrl = returned.ReturnUrl;
        if (returned.Answer.Fault is IssuerFault.Unfinished && IsSignedIn)
        {
            // The back button or a second tab, after a sign-in that has succeeded: there is nothing to explain.
            return LocalRedirect(Target);
        }

        if (returned.Answer.Fault is not null)
        {
            return Explain(returned.Answer);
        }

        var before = HttpContext.Session();
        var session = await sessions.BeginAsync(HttpContext, returned.Answer);
        var elsewhere = followUps.Select(followUp => followUp.AfterSignIn(returned.Properties!, before, session))
            .FirstOrDefault(path => path is not null);
        return LocalRedirect(elsewhere ?? Target);
    }
}
