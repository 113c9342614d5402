using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>
/// An irreversible action is confirmed once, also without scripts. And a page reports a success only if it has happened.
/// </summary>
public sealed class AskedOnceTests
{
    [Theory]
    [InlineData("passkeys", "value=\"remove\"", "You’ll no longer be able to sign in with it.")]
    [InlineData("authenticator, on", "value=\"remove\"", "After that, your password alone signs you in.")]
    [InlineData("authenticator, on", "value=\"codes\"", "The codes you saved stop working right away.")]
    [InlineData("sessions", "name=\"others\"", "All your other devices and the apps on them will be signed out.")]
    public async Task The_button_of_an_irreversible_action_is_behind_a_question(string name, string button, string question)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await Scene.Pages[name](new Scene(app, browser));

        var before = page.Html[..page.Html.IndexOf(button, StringComparison.Ordinal)];
        var asked = before[before.LastIndexOf("<details", StringComparison.Ordinal)..];
        Assert.DoesNotContain("</details>", asked, StringComparison.Ordinal);
        Assert.Contains(question, asked, StringComparison.Ordinal);
        Assert.DoesNotContain("<details open", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_link_cannot_make_a_page_report_a_success()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var bob = new Browser(app);
        await bob.SignInAsync(await bob.GoAsync("/account/manage/password"), "bob", "correct-horse-birch");
        var form = await bob.GoAsync("/account/manage/password");
        var done = await bob.SubmitAsync(form, ("current", "correct-horse-birch"), ("new", "staple-battery-plum"));
        Assert.Contains("Your password was changed", done.Text, StringComparison.Ordinal);
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));

        foreach (var address in new[]
        {
            done.Address,
            "/account?done=DoneAuthenticatorRemoved",
            "/device?done=yes",
            "/device?done=DeviceConnected",
        })
        {
            Assert.DoesNotContain("notice done", (await browser.GoAsync(address)).Html, StringComparison.Ordinal);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.DoesNotContain("notice done", (await bob.GoAsync(done.Address)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_that_a_first_party_app_gets_access_again()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, partner) = (AppLogin.Orders(app), AppLogin.Partner(app));
        await orders.CodeAsync(browser);
        partner.CodeOf(await browser.SubmitAsync(await browser.GoAsync(partner.Address()), ("answer", "yes")));

        var page = await browser.GoAsync("/account/manage/apps");
        var (own, other) = (page.Html.Split("<strong>Orders")[1].Split("<strong>")[0], page.Html.Split("<strong>Partner")[1]);
        Assert.Contains("Sign out of app", own, StringComparison.Ordinal);
        Assert.Contains("gets access again", own, StringComparison.Ordinal);
        Assert.Contains("Remove access", other, StringComparison.Ordinal);
        Assert.DoesNotContain("gets access again", other, StringComparison.Ordinal);

        page = await browser.SubmitAsync(page);
        Assert.Contains("It gets access again when you next sign in to it.", page.Text, StringComparison.Ordinal);
        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));
        page = await browser.SubmitAsync(
            page with { Html = "<main" + page.Html[page.Html.LastIndexOf("<form", StringComparison.Ordinal)..] });
        Assert.NotEmpty(page.Html);
    }

    [Fact]
    public async Task Recovery_codes_can_be_saved_as_a_file_and_the_set_up_works_on_the_phone_itself()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        var secret = page.Html.Split("class=\"secret\">")[1].Split('<')[0].Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains(
            $"href=\"otpauth://totp/localhost:alice?secret={secret.TrimEnd('=')}&amp;issuer=localhost\"",
            page.Html,
            StringComparison.Ordinal);

        var code = TwoStepTests.AppOf(page).ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);
        page = await browser.SubmitAsync(page, ("action", "confirm"), ("code", code));

        var codes = page.Html.Split("<li><code>").Skip(1).Select(part => part.Split('<')[0]).ToArray();
        var file = WebUtility.HtmlDecode(page.Html.Split("href=\"data:text/plain;charset=utf-8,")[1].Split('"')[0]);
        Assert.Equal(codes, Uri.UnescapeDataString(file).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("download=\"recovery-codes.txt\"", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/nothing", "찾을 수 없습니다")]
    [InlineData("/connect/authorize?client_id=orders&response_type=code&redirect_uri=x", "앱의 요청을 처리할 수 없습니다")]
    public async Task An_error_page_s_language_link_leads_to_the_same_error(string address, string text)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync(address);
        var link = WebUtility.HtmlDecode(page.Html.Split("hreflang=\"ko\"")[0].Split("href=\"")[^1].Split('"')[0]);
        var korean = await browser.GoAsync(new Uri(new Uri("http://localhost" + page.Address), link).PathAndQuery);

        Assert.Equal(page.Status, korean.Status);
        Assert.Contains(text, korean.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_can_still_sign_out_after_an_app_has_sent_a_wrong_address()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);

        var page = await browser.GoAsync("/connect/endsession?client_id=orders&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F");

        Assert.Contains("href=\"/account/logout\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "href=\"/account/logout\"",
            (await browser.GoAsync(AppLogin.Orders(app).Address(("redirect_uri", "x")))).Html,
            StringComparison.Ordinal);
    }
}
