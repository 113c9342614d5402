using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AuthServer.Pages;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// Writes the page of <c>response_mode=form_post</c> (OAuth 2.0 Form Post Response Mode) in OpenIddict's place. The page submits
/// itself: its content security policy allows this one script, which SecurityHeaders would block on OpenIddict's page. Without
/// scripts there is a button.
/// </summary>
internal sealed class WriteFormPostResponse(HtmlEncoder encoder, IStringLocalizer<Texts> texts)
    : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    private const string Script = "document.forms[0].submit()";

    private static readonly string ScriptHash = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is not { Length: > 0 } target
            || context.ResponseMode is not ResponseModes.FormPost
            || context.Transaction.GetHttpRequest()?.HttpContext.Response is not { } response)
        {
            return;
        }

        var fields = new StringBuilder();
        foreach (var (name, value) in context.Response.GetParameters())
        {
            if ((string?)value is { Length: > 0 } text)
            {
                fields.Append("<input type=\"hidden\" name=\"").Append(encoder.Encode(name))
                    .Append("\" value=\"").Append(encoder.Encode(text)).Append("\">");
            }
        }

        var next = encoder.Encode(texts["Continue"]);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        // With "no-referrer" the browser would send "Origin: null", which clients that check the origin refuse.
        response.Headers["Referrer-Policy"] = "strict-origin";

        // No form-action: Chrome also applies it to redirects of the client's answer, and a private-use URI scheme has no origin to allow.
        // Every value in the page is encoded, and it has only this form.
        response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src '{ScriptHash}'; base-uri 'none'; frame-ancestors 'none'";
        await response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="{CultureInfo.CurrentUICulture.Name}"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>{next}</title></head><body>
            <main><form method="post" action="{encoder.Encode(target)}">{fields}
            <noscript><h1>{next}</h1><button>{next}</button></noscript></form></main>
            <script>{Script}</script>
            </body></html>
            """,
            context.CancellationToken);
        context.HandleRequest();
    }
}
