using System.Globalization;
using System.Net;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>RFC 9470 in SampleClient: the API requires another sign-in before it does what the user asks for.</summary>
[Collection(OneAtATime.Name)]
public sealed class StepUpTests(Platform platform) : IAsyncLifetime
{
    private const string Fresh = "Your sign-in is fresh now";

    private Uri Notes => new(platform.Orders.Address, "/notes");

    private Uri DeleteAll => new(platform.Orders.Address, "/notes/deleteall");

    // In these tests a sign-in is too old after one second, unless a test needs more time.
    public async ValueTask InitializeAsync() => await ApiAsksForAsync(1);

    public async ValueTask DisposeAsync() => await ApiAsksForAsync(300);

    [Fact]
    public async Task A_user_who_has_just_signed_in_is_not_asked_again()
    {
        await ApiAsksForAsync(300);
        using var browser = await SignedInAsync("At once");

        var asked = await browser.FollowAsync(
            await browser.SubmitAsync(await browser.GetAsync(Notes), "/notes?handler=DeleteAll", ("title", "A draft"), ("text", "")));
        Assert.DoesNotContain(Fresh, asked.AssertSays("Delete all your notes?", HttpStatusCode.OK).Html, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(asked);

        Assert.Equal(Notes, done.Location);
        var page = (await browser.FollowAsync(done)).AssertSays("The API has let go of all your notes.", HttpStatusCode.OK)
            .AssertSays("value=\"A draft\"", HttpStatusCode.OK);
        Assert.DoesNotContain("At once", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_required_sign_in_the_user_must_confirm_again()
    {
        const int Enough = 20;
        await ApiAsksForAsync(Enough);
        using var browser = await SignedInAsync("Decided anew");
        await AgeAsync(Enough);

        var issuer = await ChallengedAsync(browser);
        Assert.Contains("value=\"alice\"", issuer.Html, StringComparison.Ordinal);
        var back = await browser.FollowAsync(await EnterAsync(browser, issuer, "alice", "correct-horse-apple"));

        Assert.Equal(DeleteAll, back.Address);
        back.AssertSays(Fresh, HttpStatusCode.OK);
        (await browser.PostAsync(DeleteAll, ("hasSignedInAnew", "true"))).AssertSays(
            "This form could not be read", HttpStatusCode.BadRequest);
        (await browser.GetAsync(Notes)).AssertSays("Decided anew", HttpStatusCode.OK);
        var done = await browser.FollowAsync(await browser.SubmitAsync(back, null, ("hasSignedInAnew", "true")));
        Assert.DoesNotContain(
            "Decided anew", done.AssertSays("The API has let go of all your notes.", HttpStatusCode.OK).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_another_user_signs_in_the_page_says_so_and_no_notes_are_deleted()
    {
        using var browser = await SignedInLongAgoAsync("Alice's own");

        var back = await browser.FollowAsync(await EnterAsync(browser, await ChallengedAsync(browser), "bob", "correct-horse-birch"));

        Assert.Equal(platform.Orders.Address, back.Address);
        back.AssertSays("You are Bob Baek now", HttpStatusCode.OK).AssertSays("Alice Ahn was asked to sign in anew", HttpStatusCode.OK);
        Assert.DoesNotContain(
            Fresh,
            (await browser.GetAsync(DeleteAll)).AssertSays("every note of Bob Baek", HttpStatusCode.OK).Html,
            StringComparison.Ordinal);
        using var alice = new HttpBrowser();
        await alice.GetAsync(await alice.SignInUpToCallbackAsync(platform.Orders.Address));
        (await alice.GetAsync(Notes)).AssertSays("Alice&#x27;s own", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_who_goes_back_instead_stays_signed_in_and_may_try_again()
    {
        using var browser = await SignedInLongAgoAsync("Not today");

        var page = await browser.FollowAsync(await browser.GetAsync(LinkTo(await ChallengedAsync(browser), "Back to Orders")));

        page.AssertSays("You are still signed in to Orders", HttpStatusCode.Forbidden)
            .AssertSays("You did not sign in anew", HttpStatusCode.Forbidden);
        var again = await browser.FollowAsync(await browser.GetAsync(LinkTo(page, "Try again")));
        Assert.Equal(DeleteAll, again.Address);
        Assert.DoesNotContain(Fresh, again.AssertSays("Delete all your notes?", HttpStatusCode.OK).Html, StringComparison.Ordinal);
        (await browser.GetAsync(Notes)).AssertSays("Not today", HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_a_second_challenge_the_user_gets_an_explanation_and_is_not_redirected_again()
    {
        using var browser = await SignedInLongAgoAsync("Twice too late");
        var back = await browser.FollowAsync(await EnterAsync(browser, await ChallengedAsync(browser), "alice", "correct-horse-apple"));
        back.AssertSays(Fresh, HttpStatusCode.OK);
        await AgeAsync();

        var page = await browser.SubmitAsync(back, null, ("hasSignedInAnew", "true"));

        page.AssertSays("The API is still not content", HttpStatusCode.OK).AssertSays("insufficient_user_authentication", HttpStatusCode.OK)
            .AssertSays("name=\"hasSignedInAnew\" value=\"false\"", HttpStatusCode.OK);
        var again = await browser.FollowAsync(await browser.SubmitAsync(page, null, ("hasSignedInAnew", "false")));
        Assert.Equal(platform.AuthServer.Address.Authority, again.Address.Authority);
    }

    [Fact]
    public async Task A_user_without_a_strong_enough_method_is_told_what_to_set_up()
    {
        await ApiAsksForAsync(300, "aal2 phr");
        using var browser = await SignedInAsync("Weak");

        var page = await browser.FollowAsync(await browser.SubmitAsync(await browser.GetAsync(DeleteAll)));

        page.AssertSays("A stronger sign-in is wanted", HttpStatusCode.Forbidden)
            .AssertSays("You are still signed in to Orders", HttpStatusCode.Forbidden)
            .AssertSays("returnUrl=%2Fnotes%2Fdeleteall", HttpStatusCode.Forbidden);
        (await browser.GetAsync(Notes)).AssertSays("Weak", HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cookies_of_unfinished_step_ups_do_not_pile_up_and_the_last_one_can_be_finished()
    {
        using var browser = await SignedInLongAgoAsync("Many tabs");
        for (var count = 0; count < 10; count++)
        {
            await ChallengedAsync(browser);
        }

        var callback = new Uri(platform.Orders.Address, "/account/callback");
        Assert.InRange(
            browser.Cookies.GetCookies(callback).Count(cookie => cookie.Name.StartsWith("Orders.SignIn", StringComparison.Ordinal)), 1, 5);
        var back = await browser.FollowAsync(await EnterAsync(browser, await ChallengedAsync(browser), "alice", "correct-horse-apple"));
        back.AssertSays(Fresh, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_who_is_not_signed_in_is_asked_to_sign_in_and_not_to_step_up()
    {
        using var browser = new HttpBrowser();

        var page = await browser.GetAsync(new Uri(platform.Orders.Address, "/account/stepup?returnUrl=/notes/deleteall&maxAge=1"));

        Assert.Equal(new Uri(platform.Orders.Address, "/account/start?returnUrl=%2Fnotes%2Fdeleteall"), page.Location);
    }

    private Task ApiAsksForAsync(int maxAge, string acrValues = "") => platform.Api.RestartAsync(
        ("Notes:DeleteAllMaxAge", TimeSpan.FromSeconds(maxAge).ToString("c", CultureInfo.InvariantCulture)),
        ("Notes:DeleteAllAcrValues", acrValues));

    private static Task AgeAsync(int seconds = 1) => Task.Delay(TimeSpan.FromSeconds(seconds + 1));

    private async Task<HttpBrowser> SignedInAsync(string note)
    {
        var browser = new HttpBrowser();
        await browser.GetAsync(await browser.SignInUpToCallbackAsync(platform.Orders.Address));
        var written = await browser.SubmitAsync(await browser.GetAsync(Notes), "/notes?handler=Write", ("title", note), ("text", ""));
        (await browser.FollowAsync(written)).AssertSays("Saved", HttpStatusCode.OK);
        return browser;
    }

    private async Task<HttpBrowser> SignedInLongAgoAsync(string note)
    {
        var browser = await SignedInAsync(note);
        await AgeAsync();
        return browser;
    }

    /// <returns>The issuer's sign-in page, to which the API's challenge leads.</returns>
    private async Task<Shown> ChallengedAsync(HttpBrowser browser)
    {
        var page = await browser.FollowAsync(await browser.SubmitAsync(await browser.GetAsync(DeleteAll)));
        Assert.True(page.Address.Authority == platform.AuthServer.Address.Authority, page.Html);
        return page;
    }

    private static Task<Shown> EnterAsync(HttpBrowser browser, Shown page, string userName, string password) =>
        browser.SubmitAsync(page, null, ("userName", userName), ("password", password));

    private static Uri LinkTo(Shown page, string text)
    {
        var before = page.Html[..page.Html.IndexOf($">{text}</a>", StringComparison.Ordinal)];
        return new Uri(
            page.Address, WebUtility.HtmlDecode(before[(before.LastIndexOf("href=\"", StringComparison.Ordinal) + 6)..].Split('"')[0]));
    }
}
