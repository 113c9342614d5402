using System.Globalization;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages;

/// <summary>
/// Chooses the language of a page: the one that <c>ui_locales</c> asks for (OpenID Connect Core 3.1.2.1), which a cookie remembers, or the
/// one that the browser prefers.
/// </summary>
internal sealed class Languages(IOptions<ConnectOptions> connect) : IConfigureOptions<RequestLocalizationOptions>
{
    public const string Parameter = "ui_locales";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public void Configure(RequestLocalizationOptions options)
    {
        options.SetDefaultCulture(UiLocales.Default).AddSupportedCultures([.. UiLocales.All]).AddSupportedUICultures([.. UiLocales.All]);
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(context => Task.FromResult(Asked(context))),
            new CookieRequestCultureProvider { CookieName = CookieName },
            new CustomRequestCultureProvider(context => Task.FromResult(Preferred(context.Request))),
        ];
    }

    private string CookieName => Sessions.BrowserCookie.NameOf("Language", connect.Value);

    private static string? FirstKnown(IEnumerable<string> tags) => tags.Select(UiLocales.Find).FirstOrDefault(known => known is not null);

    // RFC 9110 12.4.2: a weight of 0 means "not acceptable". The framework's provider would treat it as the least preferred.
    private static ProviderCultureResult? Preferred(HttpRequest request) =>
        FirstKnown(request.GetTypedHeaders().AcceptLanguage.Where(range => range.Quality is not 0)
            .OrderByDescending(range => range.Quality ?? 1).Select(range => range.Value.ToString()))
            is { } known ? new ProviderCultureResult(known) : null;

    private ProviderCultureResult? Asked(HttpContext context)
    {
        // Languages separated by spaces, the preferred one first.
        var asked = FirstKnown(context.Request.Query[Parameter].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (asked is null)
        {
            return null;
        }

        context.Response.Cookies.Append(
            CookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(CultureInfo.GetCultureInfo(asked))),
            new CookieOptions
            {
                HttpOnly = true,
                Secure = Sessions.BrowserCookie.PolicyOf(connect.Value) is CookieSecurePolicy.Always,
                SameSite = SameSiteMode.Lax,
                MaxAge = Kept,
                Path = "/",
            });
        return new ProviderCultureResult(asked);
    }
}
