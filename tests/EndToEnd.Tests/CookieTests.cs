using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>The cookies that SampleClient sets in a browser, and the browser features that it switches off.</summary>
[Collection(OneAtATime.Name)]
public sealed class CookieTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task In_production_every_cookie_is_secure_on_any_connection_and_a_browser_keeps_it_on_localhost()
    {
        await using var app = await LoneApp.StartedAsync(
            ("Issuer:Authority", platform.AuthServer.Address.ToString()), ("Api:BaseAddress", platform.Api.Address.ToString()));

        using var answer = await app.SignInAsync("alice");
        using var leaving = await app.GetAsync("/account/signin");
        var cookies = answer.Headers.GetValues("Set-Cookie").Concat(leaving.Headers.GetValues("Set-Cookie")).ToList();
        var page = await chromium.VisitAsync(app.Program.Address);
        await page.SignInByPasswordAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");

        Assert.Contains(cookies, cookie => cookie.StartsWith("Lone.Session=", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.StartsWith("Lone.SignIn.", StringComparison.Ordinal)
            && cookie.Contains("samesite=lax", StringComparison.OrdinalIgnoreCase));
        Assert.All(cookies, cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.All(await page.Context.CookiesAsync(), cookie => Assert.True(cookie is { Secure: true, HttpOnly: true }, cookie.Name));
    }

    [Theory]
    [InlineData("/account/password")]
    [InlineData("/nothing")]
    [InlineData("/site.css")]
    public async Task Every_response_switches_off_powerful_browser_features(string path)
    {
        using var http = new HttpClient { BaseAddress = platform.Orders.Address };

        using var answer = await http.GetAsync(path);

        var policy = Assert.Single(answer.Headers.GetValues("Permissions-Policy"));
        Assert.All(
            ["camera=()", "geolocation=()", "microphone=()", "payment=()", "publickey-credentials-get=()", "usb=()"],
            power => Assert.Contains(power, policy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_allows_cookies_over_plain_http_and_the_log_warns_about_it()
    {
        await using var app = await LoneApp.StartedAsync(("App:AllowPlainHttpCookies", "true"));

        using var page = await app.GetAsync("/account/password");

        Assert.All(
            page.Headers.GetValues("Set-Cookie"), cookie => Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("App:AllowPlainHttpCookies", app.Program.Log, StringComparison.Ordinal);
    }
}
