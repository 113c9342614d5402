using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

public sealed class LoginPageTests
{
    [Theory]
    [InlineData("alice", "correct-horse-apple")]
    [InlineData("alice@example.test", "correct-horse-apple")]
    [InlineData("  ALICE ", "correct-horse-apple")]
    public async Task The_user_name_and_the_e_mail_address_both_sign_in(string userName, string password)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.SignInAsync(await browser.GoAsync("/account"), userName, password);

        Assert.Contains("Hello, alice", page.AssertIs("/account").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice", "wrong-password-here")]
    [InlineData("nobody", "correct-horse-apple")]
    [InlineData("locked", "correct-horse-apple")]
    public async Task A_wrong_password_an_unknown_name_and_a_locked_account_get_the_same_answer(string userName, string password)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        if (userName is "locked")
        {
            userName = "alice";
            await app.SqlAsync("UPDATE Users SET DisabledAt = 1");
        }

        var page = await browser.SignInAsync(await browser.GoAsync("/account/login"), userName, password);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("Wrong user name or password.", page.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{userName}\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(password, page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:8400", "AuthServer.Form=")]
    [InlineData("https://login.example", "__Host-AuthServer.Form=")]
    public async Task The_forms_cookie_is_sent_even_if_the_sign_in_began_on_another_site(string issuer, string name)
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:Issuer", issuer + "/"), ("Proxies:KnownProxies", "127.0.0.1 ::1"));
        using var browser = new Browser(app, issuer: issuer);

        (await browser.GoAsync(AppLogin.Orders(app).Address())).AssertIs("/account/login");

        var cookie = Assert.Single(browser.SetCookies, cookie => cookie.StartsWith(name, StringComparison.Ordinal));
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            issuer.StartsWith("https:", StringComparison.Ordinal), cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("ko-KR, en;q=0.5", "ko")]
    [InlineData("ko;q=0", "en")]
    [InlineData("fr, ko;q=0", "en")]
    [InlineData("ko;q=0.1, en;q=0.9", "en")]
    [InlineData("fr, it, de, es, ko", "de")]
    [InlineData("ja-JP", "ja")]
    [InlineData("es-MX, en;q=0.5", "es")]
    [InlineData("korean", "en")]
    public async Task The_language_is_the_one_that_the_browser_prefers(string preferred, string language)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app, language: preferred);

        Assert.Contains($"<html lang=\"{language}\"", (await browser.GoAsync("/account/login")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_wrong_passwords_are_answered_429_with_the_time_to_wait()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:FailedSignInsPerAddress", "2"));
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        for (var count = 0; count < 3; count++)
        {
            page = await browser.SignInAsync(page, "alice", "wrong-password-here");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.NotNull(page.Headers.RetryAfter);
        Assert.Contains("Too many attempts.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_account_here_as_at_the_token_endpoint()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        for (var count = 0; count < 10; count++)
        {
            page = await browser.SignInAsync(page, "alice", "wrong-password-here");
        }

        Assert.Contains("wrong", (await browser.SignInAsync(page)).Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        (await browser.SignInAsync(page)).AssertIs("/account");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_browser_is_remembered_only_when_asked_to(bool isRemembered)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        await browser.SubmitAsync(
            page, [("userName", "alice"), ("password", "correct-horse-apple"), .. isRemembered ? new[] { ("isRemembered", "true") } : []]);

        Assert.Equal(isRemembered, browser.Cookies.GetAllCookies()["AuthServer.Session"]!.Expires > DateTime.UnixEpoch);
        app.Clock.Advance(TimeSpan.FromHours(11));
        (await browser.GoAsync("/account")).AssertIs(isRemembered ? "/account" : "/account/login");
        app.Clock.Advance(TimeSpan.FromDays(31));
        (await browser.GoAsync("/account")).AssertIs("/account/login");
    }

    [Fact]
    public async Task Two_tabs_that_sign_in_both_reach_their_app()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var one = await browser.GoAsync(orders.Address());
        var two = await browser.GoAsync(reports.Address());

        Assert.NotEmpty(orders.CodeOf(await browser.SignInAsync(one)));
        Assert.NotEmpty(reports.CodeOf(await browser.SignInAsync(two)));

        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
    }

    [Fact]
    public async Task A_restart_of_the_server_during_the_sign_in_does_not_interrupt_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var other = AuthServerApp.Beside(app);
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.GoAsync(orders.Address());
        using var later = new Browser(other);
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
        {
            later.Cookies.Add(other.Http.BaseAddress!, new Cookie(cookie.Name, cookie.Value));
        }

        Assert.NotEmpty(orders.CodeOf(await later.SignInAsync(page)));
    }

    [Theory]
    [InlineData("en-GB,en;q=0.9", "Sign in")]
    [InlineData("ko-KR,ko;q=0.9,en;q=0.8", "로그인")]
    [InlineData("fr", "Sign in")]
    public async Task The_page_is_in_the_browsers_language(string accepted, string expected)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app, accepted);

        Assert.Contains(
            $"<h1>{expected}</h1>", WebUtility.HtmlDecode((await browser.GoAsync("/account/login")).Html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_does_not_want_to_sign_in_goes_back_to_the_app_with_an_error()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.GoAsync(orders.Address());
        var cancel = WebUtility.HtmlDecode(
            page.Html.Split("href=\"").Single(part => part.Contains("denied=1", StringComparison.Ordinal)).Split('"')[0]);

        (await browser.GoAsync(cancel)).AssertAt(orders.RedirectUri).AssertRefused("access_denied");
    }

    [Fact]
    public async Task The_apps_name_and_logo_are_shown_but_no_image_of_another_origin()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var (partner, orders) =
            (await browser.GoAsync(AppLogin.Partner(app).Address()), await browser.GoAsync(AppLogin.Orders(app).Address()));

        Assert.Contains("Sign in to Partner", partner.AssertIs("/account/login").Text, StringComparison.Ordinal);
        Assert.Contains("<img src=\"https://images.example/partner.png\"", partner.Html, StringComparison.Ordinal);
        Assert.Equal("img-src 'self' data: https://images.example", ImagesOf(partner));
        Assert.Contains("Sign in to Orders", orders.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", orders.Html, StringComparison.Ordinal);
        Assert.Equal("img-src 'self' data:", ImagesOf(orders));

        static string ImagesOf(BrowserPage page) =>
            page.Headers.GetValues("Content-Security-Policy").Single().Split("; ")
                .Single(directive => directive.StartsWith("img-src", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/", "/account")]
    [InlineData("HEAD", "/", "/account")]
    [InlineData("GET", "/.well-known/change-password", "/account/manage/password")]
    [InlineData("HEAD", "/.well-known/change-password", "/account/manage/password")]
    [InlineData("GET", "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200", null)]
    public async Task Addresses_that_browsers_and_password_managers_know_are_redirected(string method, string address, string? expected)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = app.Http.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        using var response = await http.SendAsync(request);

        Assert.Equal(
            (expected is null ? HttpStatusCode.NotFound : HttpStatusCode.Found, expected),
            (response.StatusCode, response.Headers.Location?.OriginalString));
    }
}
