using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>NIST SP 800-63B: a second factor is added or removed only with at least as strong a proof as the account has.</summary>
public sealed class FactorBindingTests
{
    public static readonly TheoryData<string> Pages = ["passkeys", "authenticator", "password", "email", "data"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_remembered_browser_must_show_a_code_before_it_changes_the_account(string name)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, codes) = await TwoStepTests.TurnOnAsync(app, browser);
        using var other = new Browser(app);
        await other.SubmitAsync(await other.SignInAsync(await other.GoAsync("/account")), ("code", codes[0]), ("rememberBrowser", "true"));
        await other.SubmitAsync(await other.GoAsync("/account/logout"));
        (await other.SignInAsync(await other.GoAsync("/account"))).AssertIs("/account");

        var page = (await other.GoAsync($"/account/manage/{name}")).AssertIs("/account/code");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        page = await other.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));

        page.AssertIs($"/account/manage/{name}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task An_account_with_a_passkey_is_changed_only_with_the_passkey(string name)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app);
        await browser.AddPasskeyAsync(passkey);
        using var thief = new Browser(app);
        await thief.SignInAsync(await thief.GoAsync("/account"));

        var page = (await thief.GoAsync($"/account/manage/{name}")).AssertIs("/account/login");

        (await thief.SignInAsync(page, passkey)).AssertIs($"/account/manage/{name}");
    }

    [Fact]
    public async Task Each_set_up_has_its_own_key_which_is_valid_for_ten_minutes_in_its_session()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var seen = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        var anew = await browser.GoAsync("/account/manage/authenticator");
        Assert.NotEqual(Key(seen), Key(anew));
        using var other = new Browser(app);
        await other.SignInAsync(await other.GoAsync("/account/manage/authenticator"));

        var foreign = await other.SubmitAsync(
            Within(anew, await other.GoAsync("/account/manage/authenticator")), ("action", "confirm"), ("code", Code(app, anew)));
        Assert.Contains("was started in another session", foreign.Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(9));
        anew = await browser.GoAsync("/account/manage/authenticator");
        var wrong = await browser.SubmitAsync(anew, ("action", "confirm"), ("code", "000000"));
        Assert.Equal(Key(anew), Key(wrong));
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        var fresh = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        var late = await browser.SubmitAsync(Within(wrong, fresh), ("action", "confirm"), ("code", Code(app, wrong)));
        Assert.Contains("longer than ten minutes", late.Text, StringComparison.Ordinal);
        Assert.NotEqual(Key(wrong), Key(late));
    }

    // The values of one page, sent by the form of another.
    private static BrowserPage Within(BrowserPage page, BrowserPage other) =>
        other with { Html = page.Html.Replace(page.FormToken, other.FormToken, StringComparison.Ordinal) };

    private static string Key(BrowserPage page) => page.Html.Split("class=\"secret\">")[1].Split('<')[0];

    private static string Code(AuthServerApp app, BrowserPage page) =>
        TwoStepTests.AppOf(page).ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);
}
