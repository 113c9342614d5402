using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>Where the issuer sends the browser back to. It is a page for when the sign-in came to nothing.</summary>
[AllowAnonymous]
internal sealed class CallbackModel(IssuerRedirection redirection, SessionStart sessions, IOptions<IssuerOptions> options) : AccountPage(options)
{
    public async Task<IActionResult> OnGetAsync()
    {
        var returned = await redirection.ReceiveAsync(HttpContext);

        // What the state says, and not the query.
        ReturnUrl = returned.ReturnUrl;
        if (returned.Answer.Fault is IssuerFault.Unfinished && IsSignedIn)
        {
            // By the back button, or in a second tab, after a sign-in that has ended well: there is nothing to explain.
            return LocalRedirect(Target);
        }

        if (returned.Answer.Fault is not null)
        {
            return Explain(returned.Answer);
        }

        var isWhoWasAsked = await sessions.BeginAsync(HttpContext, returned.Answer, stepUpOf: returned.StepUpOf);
        return LocalRedirect(isWhoWasAsked ? Target : "/");
    }
}
