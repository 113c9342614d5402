using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SampleClient.Account;
using SampleClient.Issuer;
using SampleClient.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Properties = OpenIddict.Client.AspNetCore.OpenIddictClientAspNetCoreConstants.Properties;

namespace SampleClient.Chapters.StepUp;

/// <summary>
/// Sends the browser to the issuer for the sign-in that an API requires (RFC 9470 4). It is a page of its own below /account, because
/// only there does the app see the cookies of sign-ins under way and can limit them. The page is shown only if the browser cannot be sent.
/// </summary>
[AllowAnonymous]
internal sealed class IndexModel(IssuerRedirection redirection, IOptions<IssuerOptions> options) : AccountPage(options)
{
    /// <param name="maxAge">The challenge's <c>max_age</c>.</param>
    /// <param name="acrValues">The challenge's <c>acr_values</c>.</param>
    public async Task<IActionResult> OnGetAsync(int? maxAge, string? acrValues)
    {
        if (HttpContext.Session() is not { Tokens: not null } session)
        {
            return RedirectToPage("/Account/Start", new { returnUrl = Target });
        }

        var properties = new AuthenticationProperties { RedirectUri = Target };
        properties.SetString(Properties.LoginHint, session.UserName);
        properties.SetString(AfterStepUp.Subject, session.Subject);
        if (maxAge is { } seconds)
        {
            properties.SetParameter(Parameters.MaxAge, seconds);
        }

        if (acrValues is not null)
        {
            properties.SetParameter(Parameters.AcrValues, acrValues);
        }

        var failed = await redirection.SendToSignInAsync(HttpContext, properties, "sign in anew");
        return failed is null ? new EmptyResult() : Explain(failed);
    }
}
