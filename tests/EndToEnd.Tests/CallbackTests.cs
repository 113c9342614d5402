using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>The reaction of SampleClient if the browser comes back with something that the app has not asked for.</summary>
[Collection(OneAtATime.Name)]
public sealed class CallbackTests(Platform platform)
{
    private const string Unfinished = "This sign-in cannot be finished";

    private Uri Orders => platform.Orders.Address;

    [Theory]
    [InlineData("")]
    [InlineData("?code=a&state=b&iss=c")]
    [InlineData("?code=a")]
    [InlineData("?state=b")]
    [InlineData("?error=access_denied")]
    [InlineData("?error=access_denied&state=b")]
    [InlineData("?code=a&code=b&state=c&state=d")]
    public async Task Without_a_state_of_this_app_nothing_is_finished(string query)
    {
        using var browser = new HttpBrowser();

        var page = await browser.GetAsync(new Uri(Orders, "/account/callback" + query));

        page.AssertSays(Unfinished, HttpStatusCode.BadRequest)
            .AssertSays("href=\"/account/signin?returnUrl=%2F\"", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_sign_in_begun_in_another_browser_cannot_be_finished_in_this_one()
    {
        using var attacker = new HttpBrowser();
        var callback = await attacker.SignInUpToCallbackAsync(Orders, userName: "bob", password: "correct-horse-birch");
        using var victim = new HttpBrowser();

        (await victim.GetAsync(callback)).AssertSays(Unfinished, HttpStatusCode.BadRequest);

        Assert.DoesNotContain(victim.Cookies.GetAllCookies(), cookie => cookie.Name is "Orders.Session");
    }

    [Fact]
    public async Task A_callback_works_once_and_its_repetition_changes_nothing()
    {
        using var browser = new HttpBrowser();
        var callback = await browser.SignInUpToCallbackAsync(Orders, "/tokens");

        Assert.Equal(new Uri(Orders, "/tokens"), (await browser.GetAsync(callback)).Location);
        var cookie = browser.Cookies.GetCookies(Orders)["Orders.Session"]!;
        Assert.Equal(new Uri(Orders, "/tokens"), (await browser.GetAsync(callback)).Location);
        Assert.Equal(cookie.Value, browser.Cookies.GetCookies(Orders)["Orders.Session"]!.Value);
        cookie.Expired = true;
        (await browser.GetAsync(callback)).AssertSays(Unfinished, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Cookies_of_unfinished_sign_ins_do_not_pile_up_and_reach_no_other_page()
    {
        using var browser = new HttpBrowser();
        for (var count = 0; count < 30; count++)
        {
            await browser.GetAsync(new Uri(Orders, "/account/signin"));
        }

        Assert.InRange(browser.Cookies.GetCookies(new Uri(Orders, "/account/callback")).Count(IsBegun), 1, 5);
        Assert.DoesNotContain(browser.Cookies.GetCookies(Orders), IsBegun);

        // The last sign-in can still be finished.
        var page = await browser.GetAsync(await browser.SignInUpToCallbackAsync(Orders, "/tokens"));
        Assert.True(page.Location == new Uri(Orders, "/tokens"), page.Html);

        static bool IsBegun(Cookie cookie) => cookie.Name.StartsWith("Orders.SignIn", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_took_too_long_is_not_finished_and_the_user_can_go_on()
    {
        using var browser = new HttpBrowser();
        await platform.Orders.RestartAsync(("Issuer:SignInTimeLimit", "00:00:01"));
        try
        {
            var callback = await browser.SignInUpToCallbackAsync(Orders, "/notes");
            await Task.Delay(TimeSpan.FromSeconds(2));

            (await browser.GetAsync(callback)).AssertSays(Unfinished, HttpStatusCode.BadRequest)
                .AssertSays("It was begun too long ago", HttpStatusCode.BadRequest);
        }
        finally
        {
            await platform.Orders.RestartAsync(("Issuer:SignInTimeLimit", "00:15:00"));
        }

        // The same browser, this time soon enough.
        Assert.Equal(new Uri(Orders, "/notes"), (await browser.GetAsync(await browser.SignInUpToCallbackAsync(Orders, "/notes"))).Location);
    }

    [Fact]
    public async Task Section_10_1_1_The_first_sign_in_with_an_unannounced_key_succeeds()
    {
        using var before = new HttpBrowser();
        await before.GetAsync(await before.SignInUpToCallbackAsync(Orders));
        var known = await platform.SigningKeyAsync();
        await platform.CommandAsync("keys", "rotate", "--now");
        for (var patience = 100; await platform.SigningKeyAsync() == known && patience > 0; patience--)
        {
            await Task.Delay(TimeSpan.FromSeconds(.5));
        }

        using var browser = new HttpBrowser();
        var page = await browser.GetAsync(await browser.SignInUpToCallbackAsync(Orders, "/tokens"));

        Assert.NotEqual(known, await platform.SigningKeyAsync());
        Assert.True(page.Location == new Uri(Orders, "/tokens"), page.Html);
    }

    [Fact]
    public async Task Rfc9207_A_response_of_another_issuer_is_refused()
    {
        using var browser = new HttpBrowser();
        var callback = await browser.SignInUpToCallbackAsync(Orders);

        foreach (var iss in new[] { "http://localhost:1/", null })
        {
            (await browser.GetAsync(With(callback, ("iss", iss)))).AssertSays(Unfinished, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_code_of_another_sign_in_is_refused()
    {
        using var attacker = new HttpBrowser();
        var foreign = HttpUtility.ParseQueryString((await attacker.SignInUpToCallbackAsync(Orders)).Query)["code"];
        using var browser = new HttpBrowser();
        var callback = await browser.SignInUpToCallbackAsync(Orders);

        // PKCE: the verifier of this code is in the attacker's state.
        (await browser.GetAsync(With(callback, ("code", foreign)))).AssertSays(Unfinished, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("access_denied", "You did not sign in", HttpStatusCode.Forbidden)]
    [InlineData("unmet_authentication_requirements", "A stronger sign-in is wanted", HttpStatusCode.Forbidden)]
    [InlineData("login_required", "The login server has a question", HttpStatusCode.Forbidden)]
    [InlineData("consent_required", "The login server has a question", HttpStatusCode.Forbidden)]
    [InlineData("invalid_scope", "The login server does not accept this app", HttpStatusCode.ServiceUnavailable)]
    [InlineData("unauthorized_client", "The login server does not accept this app", HttpStatusCode.ServiceUnavailable)]
    [InlineData("temporarily_unavailable", "One moment, please", HttpStatusCode.ServiceUnavailable)]
    [InlineData("server_error", "The login server is away", HttpStatusCode.ServiceUnavailable)]
    [InlineData("<script>", Unfinished, HttpStatusCode.BadRequest)]
    public async Task An_error_of_the_issuer_is_explained_and_the_user_can_go_on(string error, string words, HttpStatusCode status)
    {
        using var browser = new HttpBrowser();
        var callback = await browser.SignInUpToCallbackAsync(Orders, "/notes");

        var page = await browser.GetAsync(With(callback, ("code", null), ("error", error), ("error_description", "<b>described</b>")));

        page.AssertSays(words, status).AssertSays("href=\"/account/signin?returnUrl=%2Fnotes\"", status);
        Assert.DoesNotContain("described", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_app_says_that_the_issuer_is_away_if_it_stops_during_a_sign_in()
    {
        using var browser = new HttpBrowser();
        var callback = await browser.SignInUpToCallbackAsync(Orders);
        await platform.AuthServer.KillAsync();
        try
        {
            (await browser.GetAsync(callback)).AssertSays("The login server is away", HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            await platform.AuthServer.StartAsync();
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task A_sign_in_leads_to_no_other_site(string returnUrl)
    {
        using var browser = new HttpBrowser();
        var callback = await browser.SignInUpToCallbackAsync(Orders, returnUrl);

        Assert.Equal(Orders, (await browser.GetAsync(With(callback, ("returnUrl", returnUrl)))).Location);
        foreach (var page in new[] { "start", "signin", "password" })
        {
            Assert.Equal(
                Orders, (await browser.GetAsync(new Uri(Orders, $"/account/{page}?returnUrl={Uri.EscapeDataString(returnUrl)}"))).Location);
        }
    }

    [Fact]
    public async Task Nobody_is_signed_in_or_out_by_a_form_of_another_site()
    {
        using var browser = new HttpBrowser();
        await browser.GetAsync(await browser.SignInUpToCallbackAsync(Orders));

        (await browser.PostAsync(new Uri(Orders, "/account/signout"))).AssertSays("This form could not be read", HttpStatusCode.BadRequest);
        (await browser.PostAsync(new Uri(Orders, "/account/password"), ("userName", "bob"), ("password", "correct-horse-birch")))
            .AssertSays("This form could not be read", HttpStatusCode.BadRequest);
        (await browser.PostAsync(new Uri(Orders, "/account/callback"), ("code", "a"), ("state", "b"))).AssertSays(
            "This form could not be read", HttpStatusCode.BadRequest);

        (await browser.GetAsync(Orders)).AssertSays("Hello, Alice Ahn", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_sign_out_that_did_not_begin_here_signs_nobody_out()
    {
        using var browser = new HttpBrowser();
        (await browser.GetAsync(new Uri(Orders, "/account/signedout?state=a"))).AssertSays(
            "but perhaps not at the login server", HttpStatusCode.BadRequest);
        await browser.GetAsync(await browser.SignInUpToCallbackAsync(Orders));

        Assert.Equal(Orders, (await browser.GetAsync(new Uri(Orders, "/account/signedout?state=a"))).Location);

        (await browser.GetAsync(Orders)).AssertSays("Hello, Alice Ahn", HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_browser_sees_no_access_token_and_no_refresh_token_and_its_cookies_are_small()
    {
        using var browser = new HttpBrowser();
        await browser.GetAsync(await browser.SignInUpToCallbackAsync(Orders));
        var home = await browser.GetAsync(Orders);
        var cookies = browser.Cookies.GetCookies(Orders).Select(cookie => cookie.ToString()).ToList();

        Assert.DoesNotContain("eyJ", home.Html, StringComparison.Ordinal);
        Assert.All(cookies, cookie => Assert.True(cookie.Length < 1000 && !cookie.Contains("eyJ", StringComparison.Ordinal), cookie));
        Assert.DoesNotContain(browser.Cookies.GetAllCookies(), cookie => cookie.Name.StartsWith("Orders.SignIn", StringComparison.Ordinal));

        var leaving = await browser.SubmitAsync(home, "/account/signout");
        Assert.Equal(platform.AuthServer.Address.Authority, leaving.Location!.Authority);
        Assert.Contains("id_token_hint=", leaving.Location.Query, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("access_token|refresh_token"), leaving.Location.Query);
    }

    private static Uri With(Uri address, params (string Name, string? Value)[] changes)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        foreach (var (name, value) in changes)
        {
            query[name] = value;
            if (value is null)
            {
                query.Remove(name);
            }
        }

        return new UriBuilder(address) { Query = query.ToString() }.Uri;
    }
}
