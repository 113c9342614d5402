using AuthServer.Tests.Sessions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>Requests of apps that demand what only the user can do, while an administrator acts as the user.</summary>
public sealed class ImpersonatedRequestTests
{
    [Theory]
    [InlineData("prompt", "login", "unmet_authentication_requirements")]
    [InlineData("prompt", "login consent", "unmet_authentication_requirements")]
    [InlineData("max_age", "0", "unmet_authentication_requirements")]
    [InlineData("max_age", "3600", "unmet_authentication_requirements")]
    [InlineData("acr_values", "aal2", "unmet_authentication_requirements")]
    [InlineData("acr_values", "phr aal1", "unmet_authentication_requirements")]
    [InlineData("claims", """{ "id_token": { "acr": { "essential": true, "values": ["aal1"] } } }""", "unmet_authentication_requirements")]
    [InlineData("claims", """{ "id_token": { "sub": { "value": "0199a0c4-0000-7000-8000-000000000001" } } }""", "unmet_authentication_requirements")]
    [InlineData("prompt", "consent", "access_denied")]
    public async Task The_app_is_told_that_nobody_can_meet_it(string parameter, string value, string error)
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();

        var answer = (await browser.GoAsync(AppLogin.Orders(app).Address((parameter, value)))).AssertAt("https://orders.example/callback");

        Assert.Equal(error, answer.Given["error"]);
        Assert.Contains("administrator acts as the user", answer.Given["error_description"].ToString(), StringComparison.Ordinal);
        (await browser.GoAsync("/account")).AssertIs("/account");
    }

    [Theory]
    [InlineData("max_age", "3600", "login_required")]
    [InlineData("acr_values", "aal2", "login_required")]
    public async Task A_silent_request_gets_the_error_that_apps_know(string parameter, string value, string error)
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();

        var answer = await browser.GoAsync(AppLogin.Orders(app).Address(("prompt", "none"), (parameter, value)));
        Assert.Equal(error, answer.AssertAt("https://orders.example/callback").Given["error"]);

        var silent = AppLogin.Orders(app);
        Assert.NotEmpty(silent.CodeOf(await browser.GoAsync(silent.Address(("prompt", "none")))));
    }

    [Fact]
    public async Task An_app_that_asks_for_consent_gets_none_and_one_that_has_it_goes_on()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using (var browser = await app.ActAsync())
        {
            var partner = AppLogin.Partner(app);
            var refused = (await browser.GoAsync(partner.Address())).AssertAt("https://partner.example/callback");
            Assert.Equal("access_denied", refused.Given["error"]);
            var silent = (await browser.GoAsync(partner.Address(("prompt", "none")))).AssertAt("https://partner.example/callback");
            Assert.Equal("consent_required", silent.Given["error"]);
            Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Type = 'permanent'"));
        }

        using var own = new Browser(app);
        var consented = AppLogin.Partner(app);
        var page = await own.SignInAsync(await own.GoAsync(consented.Address()), "carol", AdminPlatform.Password);
        consented.CodeOf(await own.SubmitAsync(page.AssertIs("/consent"), ("answer", "yes")));
        using var again = await app.ActAsync();
        var known = AppLogin.Partner(app);
        Assert.NotEmpty(known.CodeOf(await again.GoAsync(known.Address())));

        // But for more than that, the user is asked.
        var more = (await again.GoAsync(known.Address(("scope", "openid users.read")))).AssertAt("https://partner.example/callback");
        Assert.Equal("access_denied", more.Given["error"]);
    }

    [Fact]
    public async Task Choosing_the_account_is_possible_and_another_account_is_not()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();
        var orders = AppLogin.Orders(app);

        var page = (await browser.GoAsync(orders.Address(("prompt", "select_account")))).AssertIs("/account/select");
        Assert.Contains("carol", page.Text, StringComparison.Ordinal);
        var other = System.Net.WebUtility.HtmlDecode(page.Html.Split("href=\"/account/login")[1].Split('"')[0]);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await browser.GoAsync("/account/login" + other)).Status);
    }
}
