using System.Net;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

public sealed class ManagePagesTests
{
    [Theory]
    [InlineData("/account")]
    [InlineData("/account/manage/password")]
    [InlineData("/account/manage/passkeys")]
    [InlineData("/account/manage/sessions")]
    [InlineData("/account/manage/apps")]
    [InlineData("/account/manage/data")]
    public async Task A_user_who_is_not_signed_in_signs_in_first_and_comes_back(string path)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        (await browser.SignInAsync(await browser.GoAsync(path))).AssertIs(path);
    }

    [Fact]
    public async Task The_apps_that_have_an_address_can_be_started()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.SignInAsync(await browser.GoAsync("/account"));

        Assert.Contains("href=\"https://orders.example/\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Partner", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sign_ins_and_keeps_this_one()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var mine = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        using var other = new Browser(app);
        var theirs = (await reports.RedeemAsync(await reports.CodeAsync(other))).AssertOk();
        var direct = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var page = await browser.SubmitAsync(
            await browser.GoAsync("/account/manage/password"), ("current", "correct-horse-apple"), ("new", "staple-battery-plum"));

        Assert.Contains("Your password was changed", page.AssertIs("/account/manage/password").Text, StringComparison.Ordinal);
        (await orders.Client.RefreshAsync(mine.RefreshToken)).AssertOk();
        (await reports.Client.RefreshAsync(theirs.RefreshToken)).AssertRefused("invalid_grant");
        (await orders.Client.RefreshAsync(direct.RefreshToken)).AssertRefused("invalid_grant");
        (await other.GoAsync("/account")).AssertIs("/account/login");
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertRefused("invalid_grant");
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "staple-battery-plum")).AssertOk();
    }

    [Theory]
    [InlineData("wrong-password-here", "staple-battery-plum", "Your current password is wrong.")]
    [InlineData("correct-horse-apple", "short", "Use at least 12 characters")]
    [InlineData("correct-horse-apple", "my name is alice, hello", "can’t contain your user name")]
    [InlineData("", "staple-battery-plum", "Enter your")]
    public async Task A_refused_password_changes_nothing(string current, string chosen, string problem)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/password"));

        page = await browser.SubmitAsync(page, ("current", current), ("new", chosen));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains(problem, page.Text, StringComparison.Ordinal);
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
    }

    [Fact]
    public async Task Other_devices_are_listed_and_signed_out_one_by_one_or_all()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        using var second = new Browser(app);
        using var third = new Browser(app);
        foreach (var each in new[] { browser, second, third })
        {
            await each.SignInAsync(await each.GoAsync("/account"));
        }

        var page = await browser.GoAsync("/account/manage/sessions");
        Assert.Equal(3, page.Html.Split("<li>").Length - 1);
        Assert.Single(page.Text.Split("This device")[1..]);

        Assert.Contains("127.0.0.1", page.Text, StringComparison.Ordinal);

        page = await browser.SubmitAsync(page, ("id", FirstId(page)));
        Assert.Equal(2, page.Html.Split("<li>").Length - 1);
        await browser.SubmitAsync(page, ("others", "true"));

        (await browser.GoAsync("/account")).AssertIs("/account");
        (await second.GoAsync("/account")).AssertIs("/account/login");
        (await third.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndReason = 'ended_by_user'"));
    }

    [Fact]
    public async Task Nobody_ends_another_person_s_session()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var bobs = new Browser(app);
        await bobs.SignInAsync(await bobs.GoAsync("/account"), "bob", "correct-horse-birch");
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        using var second = new Browser(app);
        await second.SignInAsync(await second.GoAsync("/account"));
        var page = await browser.GoAsync("/account/manage/sessions");
        var bobsId = await app.TextAsync("SELECT Id FROM Sessions WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'bob')");

        await browser.SubmitAsync(page, ("id", bobsId));
        (await bobs.GoAsync("/account")).AssertIs("/account");
        (await second.GoAsync("/account")).AssertIs("/account");

        await browser.SubmitAsync(page, ("id", FirstId(page)));
        (await second.GoAsync("/account")).AssertIs("/account/login");
    }

    private static string FirstId(BrowserPage page) => page.Html.Split("name=\"id\" value=\"")[1].Split('"')[0];

    [Fact]
    public async Task Removed_access_has_ended_and_needs_a_new_consent()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var asked = await browser.SignInAsync(await browser.GoAsync(partner.Address()));
        var answer = (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(asked, ("answer", "yes"))))).AssertOk();

        var page = await browser.GoAsync("/account/manage/apps");
        Assert.Contains("Partner", page.Text, StringComparison.Ordinal);
        Assert.Contains("Read your notes", page.Text, StringComparison.Ordinal);
        page = await browser.SubmitAsync(page);

        Assert.Contains("No app has access", page.Text, StringComparison.Ordinal);
        (await partner.Client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
        (await browser.GoAsync(partner.Address())).AssertIs("/consent");
        (await browser.GoAsync("/account")).AssertIs("/account");
    }

    [Fact]
    public async Task The_data_can_be_downloaded()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        var file = JsonDocument.Parse((await browser.SubmitAsync(await browser.GoAsync("/account/manage/data"))).Html).RootElement;

        Assert.Equal("alice@example.test", file.GetProperty("account").GetProperty("email").GetString());
        Assert.Single(file.GetProperty("sessions").EnumerateArray());
        Assert.Equal("orders", Assert.Single(file.GetProperty("apps").EnumerateArray()).GetProperty("app").GetString());
        Assert.DoesNotContain("hash", file.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("stamp", file.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Deleting_an_account_requires_its_password()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        var form = await browser.GoAsync("/account/manage/data");
        form = form with { Html = "<main" + form.Html[form.Html.LastIndexOf("<form", StringComparison.Ordinal)..] };

        Assert.Contains(
            "wrong",
            (await browser.SubmitAsync(form, ("password", "wrong-password-here"), ("isSure", "true"))).Text,
            StringComparison.Ordinal);
        (await browser.SubmitAsync(form, ("password", "correct-horse-apple"), ("isSure", "true"))).AssertIs("/account/deleted");

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE UserName = 'alice'"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await orders.Client.IntrospectAsync(answer.AccessToken)).AssertOk()["active"]);
        (await browser.GoAsync("/account")).AssertIs("/account/login");
    }
}
