using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.App;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>Where the issuer sends the browser back to after a sign-out that began here.</summary>
[AllowAnonymous]
internal sealed class SignedOutModel(IOptions<AppOptions> app) : PageModel
{
    public Notice Notice { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        // Somebody's link, or another tab that has signed in meanwhile.
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
