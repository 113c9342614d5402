using AuthServer.Tests.Support;

namespace AuthServer.Tests.Consent;

public sealed class ScopeTextsTests
{
    private const string Scopes = "openid profile offline_access users.read notes.read";

    [Theory]
    [InlineData("en", "See your name and user name", "Read your notes", "내 메모 읽기")]
    [InlineData("ko", "이름과 사용자 이름 보기", "내 메모 읽기", "Read your notes")]
    public async Task Scopes_are_described_in_the_language_of_the_page(string language, string standard, string expected, string other)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app, language);
        var partner = AppLogin.Partner(app);

        var asked = (await browser.SignInAsync(await browser.GoAsync(partner.Address(("scope", Scopes))))).AssertIs("/consent");
        (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(asked, ("answer", "yes"))))).AssertOk();
        var apps = (await browser.GoAsync("/account/manage/apps")).AssertIs("/account/manage/apps");
        var begun = (await app.Client("console").PostAsync("/connect/device", ("scope", "notes.read profile"))).AssertOk();
        var device = (await browser.GoAsync("/device?user_code=" + begun["user_code"])).AssertIs("/device");

        foreach (var page in new[] { asked, apps, device })
        {
            Assert.Contains(standard, page.Text, StringComparison.Ordinal);
            Assert.Contains(expected, page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(other, page.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ko")]
    public async Task A_description_without_a_language_is_shown_on_pages_of_each_language(string language)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app, language);

        var asked = (await browser.SignInAsync(await browser.GoAsync(AppLogin.Partner(app).Address(("scope", "openid users.read")))))
            .AssertIs("/consent");

        Assert.Contains("Read who you are", asked.Text, StringComparison.Ordinal);
    }
}
