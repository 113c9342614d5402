using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

public sealed class PasskeysPageTests
{
    [Fact]
    public async Task A_passkey_is_added_renamed_and_removed_and_all_sign_ins_go_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var other = new Browser(app);
        await other.SignInAsync(await other.GoAsync("/account"));
        using var browser = new Browser(app);

        var page = await browser.AddPasskeyAsync(passkey, "  My laptop ");
        Assert.Contains("<strong>My laptop</strong>", page.Html, StringComparison.Ordinal);
        page = await browser.ChangePasskeyAsync(page, "rename", passkey.Id, "Old <laptop>");
        Assert.Contains("<strong>Old &lt;laptop&gt;</strong>", page.Html, StringComparison.Ordinal);
        page = await browser.ChangePasskeyAsync(page, "remove", passkey.Id);
        Assert.DoesNotContain("laptop", page.Html, StringComparison.Ordinal);

        (await other.GoAsync("/account")).AssertIs("/account");
        (await browser.GoAsync("/account")).AssertIs("/account");
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NOT NULL"));
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("no user verification")]
    [InlineData("no state")]
    [InlineData("replayed")]
    [InlineData("the state of a sign-in")]
    [InlineData("another person signed in meanwhile")]
    [InlineData("known already")]
    public async Task A_new_passkey_is_refused(string reason)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        using var passkey = new VirtualAuthenticator { UserHandle = "" };
        if (reason is "known already" or "replayed")
        {
            await browser.AddPasskeyAsync(passkey);
        }

        var page = await browser.GoAsync(PasskeyPages.Manage);
        page = page.Path is "/account/login" ? await browser.SignInAsync(page) : page;
        passkey.Origin = reason is "another origin" ? "https://evil.example" : passkey.Origin;
        passkey.VerifiesUser = reason is not "no user verification";
        var result = passkey.Create(await browser.OptionsAsync(page));
        switch (reason)
        {
            case "no state": browser.Cookies.GetAllCookies()["AuthServer.Passkey"]!.Expired = true; break;
            case "replayed": await browser.SendNewPasskeyAsync(page, result); break;
            case "the state of a sign-in": await browser.OptionsAsync(await browser.GoAsync("/account/login")); break;
            case "another person signed in meanwhile":
                await browser.SignInAsync(await browser.GoAsync("/account/login"), "bob", "correct-horse-birch");
                page = await browser.GoAsync(PasskeyPages.Manage);
                break;
            default: break;
        }

        var answer = await browser.SendNewPasskeyAsync(page, result);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("We couldn’t add the passkey.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(reason is "known already" or "replayed" ? 1 : 0, await app.CountAsync("SELECT COUNT(*) FROM UserPasskeys"));
    }

    [Fact]
    public async Task A_user_cannot_rename_or_remove_another_users_passkey()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var alice = new Browser(app);
        await alice.AddPasskeyAsync(passkey);
        using var bob = new Browser(app);
        var page = await bob.SignInAsync(await bob.GoAsync(PasskeyPages.Manage), "bob", "correct-horse-birch");

        page = await bob.ChangePasskeyAsync(page, "rename", passkey.Id, "Bob's");
        await bob.ChangePasskeyAsync(page, "remove", passkey.Id);

        Assert.Contains("<strong>My laptop</strong>", (await alice.GoAsync(PasskeyPages.Manage)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("AAAA")]
    public async Task An_invalid_id_changes_nothing(string id)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app);
        var page = await browser.AddPasskeyAsync(passkey);

        (await browser.ChangePasskeyAsync(page, "rename", id, "Other")).AssertIs(PasskeyPages.Manage);
        page = (await browser.ChangePasskeyAsync(page, "remove", id)).AssertIs(PasskeyPages.Manage);

        Assert.Contains("<strong>My laptop</strong>", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_passkeys_are_the_limit_and_existing_ones_are_excluded()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync(PasskeyPages.Manage));
        for (var count = 0; count < 20; count++)
        {
            using var passkey = new VirtualAuthenticator();
            var options = await browser.OptionsAsync(page);
            Assert.Equal(
                count, System.Text.Json.JsonDocument.Parse(options).RootElement.GetProperty("excludeCredentials").GetArrayLength());
            page = await browser.SendNewPasskeyAsync(page, passkey.Create(options));
        }

        Assert.Contains("the maximum", page.Text, StringComparison.Ordinal);
        var refused = await browser.PostAsync(PasskeyPages.Manage + "?handler=options", [new("form", page.FormToken)]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    [Theory]
    [InlineData("", "Chrome · Linux")]
    [InlineData("tab\there", "tabhere")]
    public async Task The_name_is_the_typed_one_or_describes_the_device(string typed, string expected)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app, userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0");

        var page = await browser.AddPasskeyAsync(passkey, typed);

        Assert.Contains($"<strong>{expected}</strong>", WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
        Assert.Contains("value=\"Chrome · Linux\"", WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_and_its_options_require_a_recent_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app);
        await browser.AddPasskeyAsync(passkey);
        app.Clock.Advance(TimeSpan.FromMinutes(11));

        var page = (await browser.GoAsync(PasskeyPages.Manage)).AssertIs("/account/login");

        Assert.Contains("For your security, sign in again", page.Text, StringComparison.Ordinal);
        (await browser.SignInAsync(page, passkey)).AssertIs(PasskeyPages.Manage);
    }

    [Fact]
    public async Task Passkeys_are_part_of_the_data_download()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app);
        await browser.AddPasskeyAsync(passkey);

        var file = await browser.SubmitAsync(await browser.GoAsync("/account/manage/data"));

        Assert.Contains("\"name\": \"My laptop\"", file.Html, StringComparison.Ordinal);
    }
}
