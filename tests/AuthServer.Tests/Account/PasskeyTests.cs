using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>Passkeys without a browser, so that the authenticator can be made to do what a browser would prevent.</summary>
public sealed class PasskeyTests
{
    [Fact]
    public async Task A_passkey_signs_in_without_a_name_and_counts_as_phishing_resistant()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var answer = (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(await browser.GoAsync(orders.Address()), passkey))))
            .AssertOk();

        var identity = Jwt.Read(answer["id_token"]!);
        Assert.Equal(["pop", "user", "mfa"], identity.Values("amr"));
        Assert.Equal("phr", identity.Value("acr"));
    }

    [Fact]
    public async Task A_user_with_an_authenticator_app_is_not_asked_for_a_code_after_a_passkey()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var first = new Browser(app);
        await first.SignInAsync(await first.GoAsync("/account/login"), passkey);
        await TwoStepTests.TurnOnAsync(app, first);
        using var browser = new Browser(app);

        (await browser.SignInAsync(await browser.GoAsync("/account"), passkey)).AssertIs("/account");
    }

    [Fact]
    public async Task A_passkey_with_a_counter_signs_in_repeatedly_but_not_with_an_older_count()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        foreach (var (count, path) in new[] { (1u, "/account"), (2u, "/account"), (2u, "/account/login") })
        {
            using var browser = new Browser(app);
            passkey.Count = count;
            (await browser.SignInAsync(await browser.GoAsync("/account"), passkey)).AssertIs(path);
        }
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("a frame of another site")]
    [InlineData("another domain")]
    [InlineData("no user verification")]
    [InlineData("another person's handle")]
    [InlineData("a handle that is none")]
    [InlineData("no handle")]
    [InlineData("an unknown passkey")]
    [InlineData("a disabled account")]
    [InlineData("an account that is gone")]
    [InlineData("a removed passkey")]
    public async Task A_wrong_passkey_response_is_refused_with_the_same_answer_for_every_reason(string reason)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var unknown = new VirtualAuthenticator { UserHandle = passkey.UserHandle };
        using var browser = new Browser(app);
        switch (reason)
        {
            case "another origin": passkey.Origin = "http://localhost:8401"; break;
            case "a frame of another site": passkey.IsInFrame = true; break;
            case "another domain": passkey.Domain = "auth.example"; break;
            case "no user verification": passkey.VerifiesUser = false; break;
            case "another person's handle":
                passkey.UserHandle = HandleOf(await app.TextAsync("SELECT Id FROM Users WHERE UserName = 'bob'"));
                break;
            case "a handle that is none": passkey.UserHandle = HandleOf("nobody"); break;
            case "no handle": passkey.UserHandle = null; break;
            case "a disabled account": await app.SqlAsync("UPDATE Users SET DisabledAt = 1"); break;
            case "an account that is gone":
                await app.SqlAsync("DELETE FROM UserPasskeys; DELETE FROM Sessions; DELETE FROM Users WHERE UserName = 'alice'");
                break;
            case "a removed passkey": await app.SqlAsync("DELETE FROM UserPasskeys"); break;
            default: break;
        }

        var page = await browser.SignInAsync(await browser.GoAsync("/account/login"), reason is "an unknown passkey" ? unknown : passkey);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("That passkey didn’t work.", page.AssertIs("/account/login").Text, StringComparison.Ordinal);
        (await browser.GoAsync("/account")).AssertIs("/account/login");
    }

    [Fact]
    public async Task A_response_is_accepted_once_and_only_for_the_last_challenge_of_this_browser()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");

        var without = await browser.SendPasskeyAsync(page, passkey.Get("""{"challenge":"AAAA"}"""));
        var earlier = passkey.Get(await browser.OptionsAsync(page));
        var later = passkey.Get(await browser.OptionsAsync(page));
        var old = await browser.SendPasskeyAsync(page, earlier);
        var spent = await browser.SendPasskeyAsync(page, later);
        var good = passkey.Get(await browser.OptionsAsync(page));
        (await browser.SendPasskeyAsync(page, good)).AssertIs("/account");
        var replayed = await browser.SendPasskeyAsync(page, good);

        Assert.All([without, old, spent, replayed], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.All([without, old, spent, replayed], answer => Assert.Contains("didn’t work", answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_response_is_accepted_once_even_with_its_original_cookie_and_challenge()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        var good = passkey.Get(await browser.OptionsAsync(page));
        using var thief = new Browser(app, cookies: browser.CopyOfCookies());
        Assert.Equal(0u, passkey.Count);

        (await browser.SendPasskeyAsync(page, good)).AssertIs("/account");
        var replayed = await thief.SendPasskeyAsync(page, good);

        Assert.Equal(HttpStatusCode.BadRequest, replayed.Status);
        Assert.Contains("didn’t work", replayed.AssertIs("/account/login").Text, StringComparison.Ordinal);
        (await thief.GoAsync("/account")).AssertIs("/account/login");
    }

    [Fact]
    public async Task A_challenge_is_valid_for_five_minutes()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        var result = passkey.Get(await browser.OptionsAsync(page));

        app.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendPasskeyAsync(page, result)).Status);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("\u0001")]
    [InlineData(
        """{"id":"","rawId":"","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"","authenticatorData":"","signature":"","attestationObject":"","userHandle":""}}""")]
    [InlineData(
        """{"id":"%%%","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","attestationObject":"/w","userHandle":"AA"}}""")]
    public async Task A_malformed_response_is_answered_with_400(string garbage)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        await browser.OptionsAsync(page);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendPasskeyAsync(page, garbage)).Status);

        page = await browser.SignInAsync(await browser.GoAsync(PasskeyPages.Manage));
        await browser.OptionsAsync(page);
        var answer = await browser.SendNewPasskeyAsync(page, garbage);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("couldn’t add the passkey", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData(PasskeyPages.Manage)]
    public async Task Only_the_pages_own_script_gets_the_options(string path)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));

        var page = await browser.PostAsync(path + "?handler=options", []);

        Assert.Contains("This form expired", page.AssertIs(path).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies.GetAllCookies(), cookie => cookie.Name is "AuthServer.Passkey");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    public async Task A_sign_in_by_passkey_does_not_lead_to_another_site(string returnUrl)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var browser = new Browser(app);

        (await browser.SignInAsync(await browser.GoAsync("/account/login?returnUrl=" + Uri.EscapeDataString(returnUrl)), passkey))
            .AssertIs("/account");
    }

    [Fact]
    public async Task Too_many_failures_from_an_address_are_answered_with_429()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:FailedSignInsPerAddress", "2"));
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        var answers = new List<HttpStatusCode>();
        for (var count = 0; count < 3; count++)
        {
            answers.Add((await browser.SendPasskeyAsync(page, "{}")).Status);
        }

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public async Task Step_up_to_phr_uses_the_passkey_and_keeps_the_session()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = await RegisteredAsync(app);
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var weak = Jwt.Read((await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk()["id_token"]!);

        var page = await browser.GoAsync(orders.Address(("acr_values", "phr")));
        Assert.Contains("Sign in with your passkey to continue.", page.AssertIs("/account/login").Text, StringComparison.Ordinal);
        var strong = Jwt.Read((await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page, passkey)))).AssertOk()["id_token"]!);

        Assert.Equal(("aal1", "phr"), (weak.Value("acr"), strong.Value("acr")));
        Assert.Equal(weak.Value("sid"), strong.Value("sid"));
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
    }

    private static string HandleOf(string id) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(id));

    private static async Task<VirtualAuthenticator> RegisteredAsync(AuthServerApp app)
    {
        var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app);
        var page = await browser.AddPasskeyAsync(passkey);
        Assert.Contains("Passkey added.", page.AssertIs(PasskeyPages.Manage).Text, StringComparison.Ordinal);
        return passkey;
    }
}
