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
        Assert.Contains("This sign-in is already done", page.Text, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("scope", "openid reports.close", "invalid_scope")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("max_age", "abc", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("response_type", "", "invalid_request")]
    [InlineData("response_type", "foo", "unsupported_response_type")]
    [InlineData("response_mode", "foo", "invalid_request")]
    [InlineData("code_challenge", "abc", "invalid_request")]
    [InlineData("request", "eyJ", "request_not_supported")]
    [InlineData("resource", "https://unknown.example", "invalid_target")]
    public async Task Section_3_1_2_6_Other_errors_go_back_to_the_app_with_its_state_before_anybody_signs_in(
        string parameter, string value, string error)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        (await browser.GoAsync(orders.Address((parameter, value)))).AssertAt(orders.RedirectUri).AssertRefused(error);
    }

    [Theory]
    [InlineData("max_age=1&max_age=2", true)]
    [InlineData("nonce=another", true)]
    [InlineData("state=another", false)]
    public async Task Rfc6749_Section_3_1_A_repeated_parameter_is_refused_at_both_endpoints(string parameter, bool hasState)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var refused = (await browser.GoAsync(orders.Address() + "&" + parameter)).AssertAt(orders.RedirectUri);
        var twice = parameter.Split('&').Select(part => part.Split('=')).Select(part => (part[0], part[1]));

        Assert.Equal("invalid_request", refused.Given["error"]);
        Assert.Equal(hasState, refused.Given.ContainsKey("state"));
        (await orders.Client.PostAsync("/connect/par", [.. orders.Parameters(), .. twice])).AssertRefused("invalid_request");
    }

    [Fact]
    public async Task Any_sign_in_satisfies_the_largest_possible_max_age()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("max_age", "99999999999999")))));
    }

    [Fact]
    public async Task A_scope_that_the_client_is_not_registered_for_is_an_invalid_scope()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);

        (await browser.GoAsync(partner.Address(("scope", "openid notes.write")))).AssertAt(partner.RedirectUri)
            .AssertRefused("invalid_scope");
        (await partner.Client.PostAsync("/connect/par", partner.Parameters(("scope", "openid notes.write"))))
            .AssertRefused("invalid_scope");
    }

    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://orders.example/callback/")]
    [InlineData("redirect_uri", "https://orders.example/callback?x=1")]
    [InlineData("redirect_uri", "https://orders.example/callback#x")]
    [InlineData("redirect_uri", "https://orders.example.evil.example/callback")]
    [InlineData("redirect_uri", "https://orders.example@evil.example/callback")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "/callback")]
    public async Task Section_3_1_2_1_A_wrong_redirect_uri_is_answered_with_a_page_and_no_redirect(string parameter, string value)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync(AppLogin.Orders(app).Address((parameter, value)));

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("This app sent a wrong request", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_response_comes_in_the_fragment_or_as_a_form_if_requested()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        var fragment = await browser.GoAsync(orders.Address(("response_mode", "fragment")));
        var form = await browser.GoAsync(orders.Address(("response_mode", "form_post"), ("ui_locales", "ko")));

        Assert.Contains("<html lang=\"ko\">", form.Html, StringComparison.Ordinal);
        Assert.Contains("<noscript><h1>계속</h1><button>계속", WebUtility.HtmlDecode(form.Html), StringComparison.Ordinal);
        Assert.StartsWith(orders.RedirectUri + "#", fragment.Location, StringComparison.Ordinal);
        Assert.NotEmpty(fragment.Given["code"].ToString());
        Assert.Contains("action=\"https://orders.example/callback\"", form.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"code\"", form.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("form-action", form.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("strict-origin", form.Headers.GetValues("Referrer-Policy").Single());
        (await browser.GoAsync(orders.Address(("response_mode", "web_message")))).AssertAt(orders.RedirectUri)
            .AssertRefused("invalid_request");
    }

    [Fact]
    public async Task Section_3_1_2_1_A_request_may_be_a_form()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        var page = await browser.PostAsync(
            "/connect/authorize", orders.Parameters().Select(entry => KeyValuePair.Create(entry.Name, entry.Value)));

        (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
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
