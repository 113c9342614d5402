using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>The cookie behind the forms, so that no other site can send one.</summary>
internal sealed class FormProtection(IOptions<ConnectOptions> connect) : IConfigureOptions<AntiforgeryOptions>
{
    public void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = BrowserCookie.NameOf("Form", connect.Value);
        options.Cookie.SecurePolicy = BrowserCookie.PolicyOf(connect.Value);
        options.Cookie.Path = "/";

        // Strict would keep it back from the page that an app on another site leads to, which then gets a second one in its place: the form of a
        // tab opened before, and the first of a sign-in, would be refused. Another site's POST brings no Lax cookie either.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.FormFieldName = "form";

        // The pages say the same and more, in their policy.
        options.SuppressXFrameOptionsHeader = true;
    }
}
