using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>The start page for somebody who is not signed in, or not any more.</summary>
[AllowAnonymous]
internal sealed class StartModel(IOptions<IssuerOptions> options) : AccountPage(options)
{
    public IActionResult OnGet() => Ask();
}
