using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Core 1.0: sign-in by authorization code.</summary>
public sealed class OpenIdConnectCoreTests
{
    [Fact]
    public async Task Section_3_1_A_user_signs_in_once_and_the_app_gets_tokens_for_the_code()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        var identity = Jwt.Read(answer["id_token"]!);
        Assert.Equal(
            ("orders", AppLogin.Nonce, "pwd", "aal1"),
            (identity.Value("aud"), identity.Value("nonce"), identity.Value("amr"), identity.Value("acr")));
        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeSeconds(), identity.Instant("auth_time").ToUnixTimeSeconds());
        Assert.Equal(identity.Value("sid"), Jwt.Read(answer.AccessToken).Value("sid"));
        Assert.Equal("openid profile offline_access notes.read", Jwt.Read(answer.AccessToken).Value("scope"));
        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task A_second_app_gets_its_code_without_a_page_and_shares_the_session()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var first = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        var second = (await reports.RedeemAsync(reports.CodeOf(await browser.GoAsync(reports.Address())))).AssertOk();

        Assert.Equal(Jwt.Read(first["id_token"]!).Value("sid"), Jwt.Read(second["id_token"]!).Value("sid"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
    }

    [Fact]
    public async Task Section_3_1_2_1_Prompt_none_shows_no_page()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertAt(orders.RedirectUri).AssertRefused("login_required");
        await orders.CodeAsync(browser);

        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));
    }

    [Fact]
    public async Task Section_3_1_2_1_Prompt_login_asks_for_the_password_again_but_only_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        var page = (await browser.GoAsync(orders.Address(("prompt", "login")))).AssertIs("/account/login");
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        var answer = (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page)))).AssertOk();

        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeSeconds(), Jwt.Read(answer["id_token"]!).Instant("auth_time").ToUnixTimeSeconds());
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
    }

    [Theory]
    [InlineData("60", true)]
    [InlineData("600", false)]
    [InlineData("0", true)]
    public async Task Section_3_1_2_1_Max_age_asks_for_the_password_again_if_the_sign_in_is_older(string maxAge, bool asks)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        var page = await browser.GoAsync(orders.Address(("max_age", maxAge)));

        Assert.Equal(asks, page.Location is null);
        if (asks)
        {
            // The form is sent some seconds later. Even with max_age=0 the user has then signed in for this request and is not
            // asked again.
            app.Clock.Advance(TimeSpan.FromSeconds(5));
            page = await browser.SignInAsync(page);
        }

        Assert.NotEmpty(orders.CodeOf(page));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await browser.GoAsync(orders.Address(("max_age", "0"), ("prompt", "none")))).AssertRefused("login_required");
    }

    [Fact]
    public async Task Section_3_1_2_1_Prompt_select_account_lets_the_user_choose()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var page = (await browser.GoAsync(orders.Address(("prompt", "select_account")))).AssertIs("/account/select");
        var links = Links(page);

        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(links.Single(link => link.Contains("progress=", StringComparison.Ordinal)))));

        page = await browser.GoAsync(orders.Address(("prompt", "select_account")));
        links = Links(page);
        var login = await browser.GoAsync(links.Single(link => link.StartsWith("/account/login", StringComparison.Ordinal)));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        var code = orders.CodeOf(await browser.SignInAsync(login, "bob", "correct-horse-birch"));
        Assert.Equal("bob", Jwt.Read((await orders.RedeemAsync(code)).AssertOk()["id_token"]!).Value("preferred_username"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndReason = 'replaced'"));
    }

    private static List<string> Links(BrowserPage page) =>
        [.. page.Html.Split("href=\"").Skip(1).Select(part => WebUtility.HtmlDecode(part.Split('"')[0]))];

    [Fact]
    public async Task The_back_button_after_a_sign_in_leads_to_a_page_that_goes_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var login = await browser.GoAsync(orders.Address());
        orders.CodeOf(await browser.SignInAsync(login));

        // The browser still shows the form, with the address of the finished request.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var page = await browser.SignInAsync(login);

        Assert.Null(page.Location);
        Assert.Contains("This sign-in is finished", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"https://orders.example/\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_3_1_2_1_Login_hint_fills_in_the_name_and_ui_locales_chooses_the_language()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = (await browser.GoAsync(AppLogin.Orders(app).Address(("login_hint", "al\"ice"), ("ui_locales", "fr ko-KR en"))))
            .AssertIs("/account/login");

        Assert.Contains("value=\"al&quot;ice\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ko\">", page.Html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ko\">", (await browser.GoAsync("/account/login")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_3_1_2_1_An_id_token_hint_of_another_user_leads_to_a_new_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        var orders = AppLogin.Orders(app);
        using var bobs = new Browser(app);
        var hint = (await orders.RedeemAsync(await orders.CodeAsync(bobs, "bob", "correct-horse-birch"))).AssertOk()["id_token"]!;
        using var browser = new Browser(app);
        await orders.CodeAsync(browser);

        (await browser.GoAsync(orders.Address(("id_token_hint", hint)))).AssertIs("/account/login");
        (await browser.GoAsync(orders.Address(("id_token_hint", hint), ("prompt", "none")))).AssertRefused("login_required");
        Assert.NotEmpty(orders.CodeOf(await bobs.GoAsync(orders.Address(("id_token_hint", hint), ("prompt", "none")))));
    }

    [Fact]
    public async Task Section_3_1_2_4_A_third_party_app_needs_consent_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);

        var asked = (await browser.SignInAsync(await browser.GoAsync(partner.Address()))).AssertIs("/consent");
        Assert.Contains("Read your notes", asked.Text, StringComparison.Ordinal);
        (await browser.GoAsync(partner.Address(("prompt", "none")))).AssertRefused("consent_required");
        (await browser.SubmitAsync(asked, ("answer", "no"))).AssertRefused("access_denied");

        asked = (await browser.GoAsync(partner.Address())).AssertIs("/consent");
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(asked, ("answer", "yes"))))).AssertOk();

        Assert.NotEmpty(partner.CodeOf(await browser.GoAsync(partner.Address(("prompt", "none")))));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await browser.GoAsync(partner.Address(("scope", "openid users.read")))).AssertIs("/consent");
        (await browser.GoAsync(partner.Address(("prompt", "consent")))).AssertIs("/consent");
    }
}
