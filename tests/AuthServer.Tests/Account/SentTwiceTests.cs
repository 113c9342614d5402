using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>
/// After a double click, a reload or the back button, the browser shows only the last response, so that response must be a good
/// one.
/// </summary>
public sealed class SentTwiceTests
{
    [Fact]
    public async Task The_sign_in_leads_to_the_app_both_times()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.GoAsync(orders.Address());

        orders.CodeOf(await browser.SignInAsync(page));

        (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page)))).AssertOk();
    }

    [Fact]
    public async Task The_consent_leads_to_the_app_both_times()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var page = (await browser.SignInAsync(await browser.GoAsync(partner.Address(("prompt", "consent"))))).AssertIs("/consent");

        partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes")));

        (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes"))))).AssertOk();
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Type = 'permanent'"));
    }

    [Fact]
    public async Task The_sign_out_leads_to_the_app_both_times()
    {
        const string Bye = "https://orders.example/bye";
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);
        var page = await browser.GoAsync("/connect/endsession?client_id=orders&post_logout_redirect_uri=" + Uri.EscapeDataString(Bye));

        Assert.Equal(Bye, (await browser.SubmitAsync(page)).Location);
        Assert.Equal(Bye, (await browser.SubmitAsync(page)).Location);
    }

    [Fact]
    public async Task Each_of_several_concurrent_copies_of_a_request_is_answered_with_a_code()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        var address = await PushAsync(orders);

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.GoAsync(address)));

        foreach (var page in pages)
        {
            (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
        }
    }

    [Fact]
    public async Task A_request_can_be_repeated_for_a_short_time_and_only_by_the_same_user()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        using var bobs = new Browser(app);
        var orders = AppLogin.Orders(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        await bobs.SignInAsync(await bobs.GoAsync("/account"), "bob", "correct-horse-birch");
        var address = await PushAsync(orders);
        orders.CodeOf(await browser.GoAsync(address));

        (await bobs.GoAsync(address)).AssertRefused("invalid_request_uri");
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        orders.CodeOf(await browser.GoAsync(address));
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        var page = await browser.GoAsync(address);
        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("This sign-in is finished", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_code_of_an_authenticator_shows_the_same_recovery_codes_again()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        using var before = new Browser(app, cookies: browser.CopyOfCookies());
        var code = TwoStepTests.AppOf(page).ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);

        var first = CodesOf(await ConfirmAsync(browser, page, code));

        // First as after the back button, then as after a double click, when the response with the new cookie has not arrived yet.
        Assert.Equal(first, CodesOf(await ConfirmAsync(browser, page, code)));
        Assert.Equal(first, CodesOf(await ConfirmAsync(before, page, code)));
        (await before.GoAsync("/account")).AssertIs("/account");
        (await browser.GoAsync("/account")).AssertIs("/account");
        var mails = new Mailbox(app, "alice@example.test");
        Assert.StartsWith("New sign-in", (await mails.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.StartsWith("Two-step sign-in", (await mails.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Mails"));
    }

    [Fact]
    public async Task Concurrent_copies_of_the_first_code_of_an_authenticator_get_the_same_answer()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        var code = TwoStepTests.AppOf(page).ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConfirmAsync(browser, page, code)));

        Assert.Single(answers.Select(answer => string.Join(' ', CodesOf(answer))).Distinct());
        (await browser.GoAsync("/account")).AssertIs("/account");
    }

    [Fact]
    public async Task The_recovery_codes_are_not_shown_again_later_or_to_an_earlier_cookie_without_the_form()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        using var thief = new Browser(app, cookies: browser.CopyOfCookies());
        var code = TwoStepTests.AppOf(page).ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);
        var codes = CodesOf(await ConfirmAsync(browser, page, code));

        foreach (var action in new[] { "codes", "remove", "confirm" })
        {
            var answer = await thief.PostAsync(page.Address, [new("form", page.FormToken), new("action", action), new("code", code)]);
            Assert.Equal((true, "/account/login"), (answer.Location is null, answer.Path));
        }

        (await thief.GoAsync("/account/manage/authenticator")).AssertIs("/account/login");
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.DoesNotContain(codes[0], (await ConfirmAsync(browser, page, code)).Html, StringComparison.Ordinal);
        (await ConfirmAsync(thief, page, code)).AssertIs("/account/login");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Authenticators"));
    }

    [Theory]
    [InlineData("yes", "Your device is signed in")]
    [InlineData("no", "The device was not signed in")]
    public async Task A_repeated_answer_to_a_device_gets_the_same_page(string answer, string told)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        using var bobs = new Browser(app);
        var begun = (await app.Client("console").PostAsync("/connect/device", ("scope", "openid offline_access"))).AssertOk();
        var page = await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!));
        await bobs.SignInAsync(await bobs.GoAsync("/account"), "bob", "correct-horse-birch");

        Assert.Contains(told, (await browser.SubmitAsync(page, ("answer", answer))).Text, StringComparison.Ordinal);
        Assert.Contains(told, (await browser.SubmitAsync(page, ("answer", answer))).Text, StringComparison.Ordinal);
        Assert.Contains(told, (await browser.GoAsync(begun["verification_uri_complete"]!)).Text, StringComparison.Ordinal);

        Assert.Contains("We don’t know this code", (await bobs.GoAsync(begun["verification_uri_complete"]!)).Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains("We don’t know this code", (await browser.SubmitAsync(page, ("answer", answer))).Text, StringComparison.Ordinal);
        var poll = await app.Client("console").TokenAsync(
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", begun["device_code"]!));
        Assert.Equal(answer is "yes" ? HttpStatusCode.OK : HttpStatusCode.BadRequest, poll.Status);
    }

    [Fact]
    public async Task A_device_that_is_allowed_several_times_concurrently_has_one_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var begun = (await app.Client("console").PostAsync("/connect/device", ("scope", "openid offline_access"))).AssertOk();
        var page = await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.SubmitAsync(page, ("answer", "yes"))));

        Assert.All(answers, answer => Assert.Contains("Your device is signed in", answer.Text, StringComparison.Ordinal));
        (await app.Client("console")
            .TokenAsync(("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", begun["device_code"]!))).AssertOk();
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
    }

    private static Task<BrowserPage> ConfirmAsync(Browser browser, BrowserPage page, string code) =>
        browser.SubmitAsync(page, ("action", "confirm"), ("code", code));

    private static string[] CodesOf(BrowserPage page)
    {
        var codes = page.Html.Split("<li><code>").Skip(1).Select(part => part.Split('<')[0]).ToArray();
        Assert.True(codes.Length is 10, $"{page.Status} at {page.Address}: {page.Text}");
        return codes;
    }

    private static async Task<string> PushAsync(AppLogin orders) =>
        "/connect/authorize?client_id=orders&request_uri="
        + Uri.EscapeDataString((await orders.Client.PostAsync("/connect/par", orders.Parameters()))["request_uri"]!);
}
