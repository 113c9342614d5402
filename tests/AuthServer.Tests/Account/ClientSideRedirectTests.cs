using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>
/// Chrome applies a form's <c>form-action</c> to all redirects that follow, even to the app's own. So the response to a form begins
/// no redirect that may leave this server: it is a page that goes on by itself. EndToEnd.Tests, ClientSideRedirectTests, has the tests in a
/// browser.
/// </summary>
public sealed class ClientSideRedirectTests
{
    private const string Bye = "https://orders.example/bye";

    public static TheoryData<string> Names => [.. Ways.Keys];

    /// <summary>In each entry, the last step sends a form, and the way ends at an app.</summary>
    private static readonly Dictionary<string, Func<Scene, Task<BrowserPage>>> Ways = new()
    {
        ["sign in"] = scene => scene.SignInAsync(AppLogin.Orders(scene.App).Address()),
        ["consent"] = async scene =>
            await scene.Browser.SubmitAsync(await scene.SignInAsync(AppLogin.Partner(scene.App).Address()), ("answer", "yes")),
        ["no consent"] = async scene =>
            await scene.Browser.SubmitAsync(await scene.SignInAsync(AppLogin.Partner(scene.App).Address()), ("answer", "no")),
        ["expired consent"] = async scene =>
        {
            var page = await scene.SignInAsync(AppLogin.Partner(scene.App).Address());
            await scene.Browser.SubmitAsync(page, ("answer", "yes"));
            return await scene.Browser.PostAsync(page.Address + "&consent=x", [KeyValuePair.Create("form", page.FormToken)]);
        },
        ["code"] = async scene =>
        {
            using var other = new Browser(scene.App);
            var (totp, _) = await TwoStepTests.TurnOnAsync(scene.App, other);
            scene.App.Clock.Advance(TimeSpan.FromMinutes(2));
            var page = await scene.SignInAsync(AppLogin.Orders(scene.App).Address());
            return await scene.Browser.SubmitAsync(page, ("code", totp.ComputeTotp(scene.App.Clock.GetUtcNow().UtcDateTime)));
        },
        ["another account"] = async scene =>
        {
            await scene.SignInAsync("/account");
            var page = (await scene.GoAsync(AppLogin.Orders(scene.App).Address(("prompt", "select_account")))).AssertIs("/account/select");
            return await scene.SignInAsync(WebUtility.HtmlDecode(page.Html.Split("<footer>")[0].Split("<a href=\"")[^1].Split('"')[0]));
        },
        ["activation"] = async scene =>
        {
            var page = await scene.GoAsync(AppLogin.Orders(scene.App).Address(("prompt", "create")));
            await scene.Browser.SubmitAsync(page, ("email", "carol@example.test"));
            page = await scene.GoAsync(await new Mailbox(scene.App, "carol@example.test").NextLinkAsync("/account/activate"));
            return await scene.Browser.SubmitAsync(page, ("displayName", "Carol"), ("new", "staple-battery-plum"));
        },
        ["new password"] = async scene =>
        {
            var page = await scene.GoAsync(AppLogin.Orders(scene.App).Address());
            page = await scene.GoAsync(WebUtility.HtmlDecode(
                page.Html.Split("href=\"").Single(part => part.StartsWith("/account/forgot", StringComparison.Ordinal)).Split('"')[0]));
            await scene.Browser.SubmitAsync(page, ("userName", "alice"));
            page = await scene.GoAsync(await new Mailbox(scene.App, "alice@example.test").NextLinkAsync("/account/reset"));
            return await scene.Browser.SubmitAsync(page, ("new", "staple-battery-plum"));
        },
        ["sign out"] = async scene =>
        {
            await AppLogin.Orders(scene.App).CodeAsync(scene.Browser);
            return await scene.Browser.SubmitAsync(
                await scene.GoAsync($"/connect/endsession?client_id=orders&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}"));
        },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_form_leads_to_a_page_that_goes_on_to_the_app(string way)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        (await Ways[way](new Scene(app, browser))).AssertAt("https://");

        // The responses since the form was sent, without the last step, which leads to the app.
        var chain = browser.Passed.Skip(browser.Passed.FindLastIndex(page => page.Method == HttpMethod.Post)).ToList();
        var page = chain.Single(page => page.Status is HttpStatusCode.OK);
        Assert.StartsWith("0; url=/connect/", page.Headers.GetValues("Refresh").Single(), StringComparison.Ordinal);
        Assert.Contains($"href=\"{WebUtility.HtmlEncode(page.Location)}\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("form-action 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.All(
            chain.TakeWhile(before => before != page),
            before => Assert.DoesNotContain("/connect/", before.Location, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rfc9700_Section_4_12_A_form_is_answered_with_303()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        await browser.SignInAsync(await browser.GoAsync("/account/login"));
        await browser.PostAsync(
            "/connect/authorize", AppLogin.Orders(app).Parameters().Select(entry => KeyValuePair.Create(entry.Name, entry.Value)));

        Assert.Equal(
            [HttpStatusCode.SeeOther, HttpStatusCode.SeeOther],
            browser.Passed.Where(page => page.Method == HttpMethod.Post).Select(page => page.Status));
    }

    [Theory]
    [InlineData("http://[::1]:49152/callback")]
    [InlineData("com.example.phone:/callback")]
    public async Task The_security_policy_need_not_name_a_native_app(string redirectUri)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await app.SqlAsync(
            """UPDATE Clients SET RedirectUris = '["http://[::1]/callback","com.example.phone:/callback"]' WHERE ClientId = 'phone'""");
        var phone = new AppLogin(app, "phone", null, redirectUri);

        var page = await browser.GoAsync(phone.Address(("scope", "openid notes.read")));

        Assert.Contains("form-action 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.NotEmpty(phone.CodeOf(await browser.SignInAsync(page)));
    }

    [Theory]
    [InlineData("sign in, for an app", true)]
    [InlineData("code", true)]
    [InlineData("consent", true)]
    [InlineData("select", true)]
    [InlineData("register", true)]
    [InlineData("sign out", true)]
    [InlineData("wrong request of an app", true)]
    [InlineData("account", false)]
    [InlineData("password", false)]
    [InlineData("device", false)]
    public async Task An_apps_pop_up_keeps_its_connection_to_the_page_that_opened_it(string name, bool isOnTheWay)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await Scene.Pages[name](new Scene(app, browser));

        Assert.Equal(isOnTheWay ? "unsafe-none" : "same-origin", page.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
