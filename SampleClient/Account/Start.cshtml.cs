using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;
using SampleClient.Shared;

namespace SampleClient.Account;

/// <summary>The start page for somebody who is not signed in, or not any more.</summary>
[AllowAnonymous]
internal sealed class StartModel(IOptions<IssuerOptions> options) : AccountPage
{
    public Notice? Notice { get; private set; }

    public string Issuer => options.Value.AuthorityUri!.Authority;

    public IActionResult OnGet()
    {
        Notice = Ended is null ? null : Notice.SessionEnded(withDraft: Ended.Draft is not null);
        return IsSignedIn ? LocalRedirect(Target) : Page();
    }
}
