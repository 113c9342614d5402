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

    /// <summary>The first one is the default for browsers that prefer none of them.</summary>
    public static readonly IReadOnlyList<string> All = ["en", "ko"];

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public void Configure(RequestLocalizationOptions options)
    {
        options.SetDefaultCulture(All[0]).AddSupportedCultures([.. All]).AddSupportedUICultures([.. All]);
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(context => Task.FromResult(Asked(context))),
            new CookieRequestCultureProvider { CookieName = CookieName },
            new CustomRequestCultureProvider(context => Task.FromResult(Preferred(context.Request))),
        ];
    }

    private string CookieName => Sessions.BrowserCookie.NameOf("Language", connect.Value);

    private static string? FirstKnown(IEnumerable<string> names) => names
        .Select(name => All.FirstOrDefault(known => name.Split('-')[0].Equals(known, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(known => known is not null);

    // RFC 9110 12.4.2: a weight of 0 means "not acceptable". The framework's provider would treat it as the least preferred.
    private static ProviderCultureResult? Preferred(HttpRequest request) =>
        FirstKnown(request.GetTypedHeaders().AcceptLanguage.Where(range => range.Quality is not 0)
            .OrderByDescending(range => range.Quality ?? 1).Select(range => range.Value.ToString()))
            is { } known ? new ProviderCultureResult(known) : null;

    private ProviderCultureResult? Asked(HttpContext context)
    {
        // Languages separated by spaces, the preferred one first. A region is ignored: ko-KR is ko.
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
