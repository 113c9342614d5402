using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9700, Best Current Practice for OAuth 2.0 Security: attacks on sign-ins in a browser.</summary>
public sealed class Rfc9700BrowserAttackTests
{
    [Fact]
    public async Task Section_4_5_A_code_that_is_used_twice_ends_the_tokens_issued_for_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var code = await orders.CodeAsync(browser);
        var answer = (await orders.RedeemAsync(code)).AssertOk();
        var other = (await reports.RedeemAsync(reports.CodeOf(await browser.GoAsync(reports.Address())))).AssertOk();

        (await orders.RedeemAsync(code)).AssertRefused("invalid_grant");

        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await orders.Client.IntrospectAsync(answer.AccessToken)).AssertOk()["active"]);
        (await reports.Client.RefreshAsync(other.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task Section_4_5_Of_many_concurrent_uses_of_a_code_one_gets_tokens()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => orders.RedeemAsync(code)));

        Assert.Single(answers, answer => answer.Status is HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status is not HttpStatusCode.OK), answer => answer.AssertRefused("invalid_grant"));
    }

    [Fact]
    public async Task Section_4_5_A_code_of_another_client_or_another_redirect_uri_is_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var code = await orders.CodeAsync(browser);

        (await reports.RedeemAsync(code)).AssertRefused("invalid_grant");
        (await orders.RedeemAsync(
            orders.CodeOf(await browser.GoAsync(orders.Address())), ("redirect_uri", "https://orders.example/other?fixed=1")))
            .AssertRefused("invalid_request");
    }

    [Fact]
    public async Task A_code_is_valid_for_a_short_time()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(6));

        (await orders.RedeemAsync(code)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_code_is_refused_once_the_session_has_ended_or_the_client_is_disabled()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));

        (await orders.RedeemAsync(code)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Section_4_4_The_issuer_is_in_successful_responses_and_errors()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        Assert.Equal("http://localhost:8400/", (await browser.GoAsync(orders.Address(("prompt", "none")))).Given["iss"]);
        await orders.CodeAsync(browser);
        Assert.Equal("http://localhost:8400/", (await browser.GoAsync(orders.Address())).Given["iss"]);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    public async Task Section_4_11_A_page_does_not_lead_to_another_site(string returnUrl)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.SignInAsync(await browser.GoAsync("/account/login?returnUrl=" + Uri.EscapeDataString(returnUrl)));

        page.AssertIs("/account");
        (await browser.SubmitAsync(await browser.GoAsync("/account/logout?returnUrl=" + Uri.EscapeDataString(returnUrl))))
            .AssertIs("/account/logout");
    }

    [Fact]
    public async Task A_form_sent_by_another_site_does_nothing_and_says_so()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.PostAsync("/account/login", [new("userName", "alice"), new("password", "correct-horse-apple")]);

        page.AssertIs("/account/login");
        Assert.Contains("This form expired", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));

        await browser.SignInAsync(page);
        await browser.PostAsync("/account/logout", []);
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NULL"));
    }

    [Fact]
    public async Task A_cookie_planted_by_an_attacker_is_replaced_at_the_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var attacker = new Browser(app);
        await attacker.SignInAsync(await attacker.GoAsync("/account"), "bob", "correct-horse-birch");
        using var victim = new Browser(app);
        Plant(app, victim, CookieOf(attacker));
        Assert.Contains("Hello, bob", (await victim.GoAsync("/account")).Text, StringComparison.Ordinal);

        await victim.SignInAsync(await victim.GoAsync("/account/login"));

        Assert.Contains("Hello, alice", (await victim.GoAsync("/account")).AssertIs("/account").Text, StringComparison.Ordinal);
        (await attacker.GoAsync("/account")).AssertIs("/account/login");
        (await attacker.GoAsync(AppLogin.Orders(app).Address(("prompt", "none")))).AssertRefused("login_required");
    }

    [Fact]
    public async Task A_copy_of_a_cookie_from_before_a_sign_in_is_worthless_after_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        using var thief = new Browser(app);
        Plant(app, thief, CookieOf(browser));
        Assert.Contains("Hello, alice", (await thief.GoAsync("/account")).Text, StringComparison.Ordinal);

        await browser.SignInAsync(await browser.GoAsync("/account/login"));

        (await browser.GoAsync("/account")).AssertIs("/account");
        (await thief.GoAsync("/account")).AssertIs("/account/login");
    }

    private static string CookieOf(Browser browser) => browser.Cookies.GetAllCookies()["AuthServer.Session"]!.Value;

    private static void Plant(AuthServerApp app, Browser browser, string value) =>
        browser.Cookies.Add(app.Http.BaseAddress!, new Cookie("AuthServer.Session", value, "/"));
}
