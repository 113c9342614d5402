using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>The antiforgery cookie of the forms, so that no other site can send one.</summary>
internal sealed class FormProtection(IOptions<ConnectOptions> connect) : IConfigureOptions<AntiforgeryOptions>
{
    public void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = BrowserCookie.NameOf("Form", connect.Value);
        options.Cookie.SecurePolicy = BrowserCookie.PolicyOf(connect.Value);
        options.Cookie.Path = "/";

        // With Strict, the browser would not send the cookie when an app on another site leads to a page. The page would replace the
        // cookie, and forms in tabs opened before, as well as the first form of a sign-in, would be refused. Lax is enough: a POST from
        // another site does not bring a Lax cookie either.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.FormFieldName = "form";

        // The Content-Security-Policy of the pages says the same and more.
        options.SuppressXFrameOptionsHeader = true;
    }
}
