using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Account;

/// <summary>The start page for a user who is not signed in, or whose session has ended.</summary>
[AllowAnonymous]
internal sealed class StartModel(IOptions<IssuerOptions> options) : AccountPage(options)
{
    public IActionResult OnGet() => Ask();
}
