using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.App;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>The issuer sends the browser back to this page after a sign-out that began here.</summary>
[AllowAnonymous]
internal sealed class SignedOutModel(IOptions<AppOptions> app) : PageModel
{
    public Notice Notice { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        // The user followed a link, or has signed in meanwhile in another tab.
        if (HttpContext.Session() is { Tokens: not null })
        {
            return LocalRedirect("/");
        }

        Notice = await IssuerRedirection.IsSignedOutAsync(HttpContext)
            ? Notice.SignedOutEverywhere(app.Value.Name)
            : Notice.SignedOutHereOnly(app.Value.Name);
        return Page();
    }
}
