using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Tests.Sessions;

public sealed class BrowserCookieTests
{
    private static readonly string[] Purposes = ["Asked", "Browser", "Form", "Known", "Language", "Passkey", "Session", "Step", "Support"];

    /// <summary>
    /// RFC 6265bis 4.1.3.2: a browser accepts <c>__Host-</c> only over https, with the path / and without a domain. So another host
    /// cannot plant such a cookie.
    /// </summary>
    [Theory]
    [InlineData("http://localhost:8400", "AuthServer.")]
    [InlineData("https://login.example", "__Host-AuthServer.")]
    public async Task Every_cookie_belongs_to_this_host_alone_and_is_hidden_from_scripts(string issuer, string prefix)
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:Issuer", issuer + "/"), ("Proxies:KnownProxies", "127.0.0.1 ::1"));
        using var browser = new Browser(app, issuer: issuer);
        var (_, codes) = await TwoStepTests.TurnOnAsync(app, browser);
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        var login = await browser.GoAsync(AppLogin.Orders(app).Address(("ui_locales", "ko")));
        await browser.OptionsAsync(login);
        await browser.SubmitAsync(
            await browser.GoAsync(login.Address.Replace("/login?", "/register?", StringComparison.Ordinal)),
            ("email", "carol@example.test"));
        (await browser.SubmitAsync(await browser.SignInAsync(login), ("code", codes[0]), ("rememberBrowser", "true")))
            .AssertIs("/account/recovered");

        var cookies = browser.SetCookies.ConvertAll(cookie => SetCookieHeaderValue.Parse(cookie));

        Assert.Equal(
            Purposes.Select(purpose => prefix + purpose),
            cookies.Select(cookie => cookie.Name.ToString()).Distinct().Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.Equal(issuer.StartsWith("https:", StringComparison.Ordinal), cookie.Secure);
            Assert.True(cookie.HttpOnly);
            Assert.Equal(("/", null), (cookie.Path.ToString(), cookie.Domain.Value));
            Assert.Contains(cookie.SameSite, new[] { SameSiteMode.Lax, SameSiteMode.Strict });
        });
    }
}
