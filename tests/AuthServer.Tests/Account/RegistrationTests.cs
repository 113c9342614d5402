using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

public sealed class RegistrationTests
{
    private const string Carol = "carol@example.test";

    [Fact]
    public async Task A_user_creates_an_account_by_the_link_in_the_mail_and_reaches_the_app()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var sent = await browser.SubmitAsync(await browser.GoAsync(await RegisterAddressAsync(browser, orders)), ("email", Carol));
        Assert.Contains("We sent an email to carol@example.test", sent.Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE Email = 'carol@example.test'"));
        var mailbox = new Mailbox(app, Carol);
        var page = await browser.GoAsync(await mailbox.NextLinkAsync());
        page = await browser.SubmitAsync(page, ("displayName", "Carol Cho"), ("new", "staple-battery-plum"));

        var identity = Jwt.Read((await orders.RedeemAsync(orders.CodeOf(page))).AssertOk()["id_token"]!);
        await mailbox.AssertEmptyAsync();
        Assert.Equal(("Carol Cho", Carol), (identity.Value("name"), identity.Value("preferred_username")));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE Email = 'carol@example.test' AND EmailConfirmed"));
    }

    [Fact]
    public async Task A_mail_opened_in_another_browser_leads_to_the_account_page_which_names_the_app()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var asking = new Browser(app);
        var (orders, mailbox) = (AppLogin.Orders(app), new Mailbox(app, Carol));
        await asking.SubmitAsync(await asking.GoAsync(await RegisterAddressAsync(asking, orders)), ("email", Carol));
        using var reading = new Browser(app);

        var page = await reading.SubmitAsync(
            await reading.GoAsync(await mailbox.NextLinkAsync("/account/activate")),
            ("displayName", "Carol Cho"),
            ("new", "staple-battery-plum"));

        page.AssertIs("/account");
        Assert.Contains("You’re signed in here. Continue to Orders", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"https://orders.example/\"", page.Html, StringComparison.Ordinal);
        orders.CodeOf(await reading.GoAsync(orders.Address()));

        // The mail to a user who already has an account leads there, too.
        await asking.SubmitAsync(await asking.GoAsync(await RegisterAddressAsync(asking, orders)), ("email", Carol));
        using var third = new Browser(app);
        page = await third.SignInAsync(await third.GoAsync(await mailbox.NextLinkAsync()), Carol, "staple-battery-plum");
        Assert.Contains("Continue to Orders", page.AssertIs("/account").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_has_an_account_sees_the_same_page_and_gets_another_mail()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var fresh = await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", Carol));
        var taken = await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", "alice@example.test"));

        Assert.Equal(
            fresh.Text.Replace(Carol, "", StringComparison.Ordinal),
            taken.Text.Replace("alice@example.test", "", StringComparison.Ordinal));
        Assert.Equal("/account/login", await new Mailbox(app, "alice@example.test").NextLinkAsync());
    }

    [Fact]
    public async Task A_link_creates_one_account_and_expires_after_a_day()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", Carol));
        var link = await new Mailbox(app, Carol).NextLinkAsync();
        var form = await browser.GoAsync(link);
        (await browser.SubmitAsync(form, ("displayName", "Carol"), ("new", "staple-battery-plum"))).AssertIs("/account");
        using var other = new Browser(app);

        Assert.Contains("You already have an account with this email", (await other.GoAsync(link)).Text, StringComparison.Ordinal);
        var second = await other.SubmitAsync(form, ("displayName", "Mallory"), ("new", "another-good-plum"));
        Assert.Contains("You already have an account with this email", second.Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE DisplayName = 'Mallory'"));

        app.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Contains("This link no longer works", (await other.GoAsync(link)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("a@b@c")]
    [InlineData("carol@example.test\r\nBcc: all@example.test")]
    [InlineData("")]
    public async Task An_invalid_address_is_reported(string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", address));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("We can’t send email to this address", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_registration_is_off_there_is_no_page_and_no_link()
    {
        await using var app = await AuthServerApp.StartAsync(("Account:Registration", "false"));
        using var browser = new Browser(app);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GoAsync("/account/register")).Status);
        Assert.DoesNotContain("register", (await browser.GoAsync("/account/login")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_does_not_flood_a_mailbox()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var mailbox = new Mailbox(app, Carol);
        var form = await browser.GoAsync("/account/register");
        for (var count = 0; count < 5; count++)
        {
            Assert.Contains("We sent an email", (await browser.SubmitAsync(form, ("email", Carol))).Text, StringComparison.Ordinal);
        }

        for (var count = 0; count < 3; count++)
        {
            await mailbox.NextAsync();
        }

        await mailbox.AssertEmptyAsync();
    }

    // By the link on the sign-in page of the app's request.
    private static async Task<string> RegisterAddressAsync(Browser browser, AppLogin login)
    {
        var page = await browser.GoAsync(login.Address());
        return WebUtility.HtmlDecode(
            page.Html.Split("href=\"").Single(part => part.StartsWith("/account/register", StringComparison.Ordinal)).Split('"')[0]);
    }
}
