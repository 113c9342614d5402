using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using AuthServer.Users;

namespace AuthServer.Tests.SecondFactors;

/// <summary>
/// Codes as people type and paste them. East Asian keyboards type full-width digits; pages break lines and use other dashes.
/// </summary>
public sealed class TypedCodeTests
{
    [Theory]
    [InlineData("123456", "123456")]
    [InlineData(" 123 456\r\n", "123456")]
    [InlineData("１２３　４５６", "123456")]
    [InlineData("١٢٣٤٥٦", "123456")]
    [InlineData("ＡＢｃｄ－ＥＦ２３", "abcdef23")]
    [InlineData("abcd\u2010ef23\u2013gh\u200Bjk\u00AD\u2212mn", "abcdef23ghjkmn")]
    [InlineData("\uD800", "")]
    [InlineData("", "")]
    public void All_spellings_of_a_code_are_read_alike(string typed, string code) => Assert.Equal(code, TypedCode.Normalize(typed));

    [Fact]
    public async Task Authenticator_codes_and_recovery_codes_are_accepted_in_full_width()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));
        var totp = TwoStepTests.AppOf(page);
        page = await browser.SubmitAsync(page, ("action", "confirm"), ("code", Wide(Now())));
        var codes = page.Html.Split("<li><code>").Skip(1).Select(part => part.Split('<')[0]).ToArray();
        Assert.Equal(10, codes.Length);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var first = new Browser(app);
        using var second = new Browser(app);

        (await first.SubmitAsync(await first.SignInAsync(await first.GoAsync("/account")), ("code", Wide(Now())))).AssertIs("/account");
        (await second.SubmitAsync(await second.SignInAsync(await second.GoAsync("/account")), ("code", Wide(codes[0]))))
            .AssertIs("/account/recovered");

        string Now() => totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);
    }

    // U+FF01 to U+FF5E are the full-width forms of ASCII.
    private static string Wide(string code) => string.Concat(code.Select(one => (char)(one + 0xFEE0)));
}
