using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>Each page of the issuer in both languages, on a phone and on a desk: accessible (axe), as wide as the window, a picture kept.</summary>
[Collection(OneAtATime.Name)]
public sealed class AccountPagesTests(Platform platform, Chromium chromium)
{
    private static readonly (string Name, string Address)[] Anonymous =
    [
        ("login", "/account/login"),
        ("register", "/account/register"),
        ("forgot", "/account/forgot"),
        ("link-expired", "/account/reset?token=x"),
        ("signed-out", "/account/logout"),
        ("not-found", "/account/nothing"),
        ("app-error", "/connect/authorize?client_id=nobody"),
    ];

    private static readonly (string Name, string Address)[] SignedIn =
    [
        ("account", "/account"),
        ("password", "/account/manage/password"),
        ("email", "/account/manage/email"),
        ("authenticator", "/account/manage/authenticator"),
        ("passkeys", "/account/manage/passkeys"),
        ("sessions", "/account/manage/sessions"),
        ("apps", "/account/manage/apps"),
        ("data", "/account/manage/data"),
        ("logout", "/account/logout"),
        ("device", "/device"),
        ("device-wrong", "/device?user_code=0000-0000-0000"),
        ("deleted", "/account/deleted"),
    ];

    [Theory]
    [InlineData(1280, "en", ColorScheme.Light)]
    [InlineData(390, "ko", ColorScheme.Dark)]
    [InlineData(320, "en", ColorScheme.Dark)]
    [InlineData(320, "ko", ColorScheme.Light)]
    public async Task Every_page_is_accessible_and_fits(int width, string language, ColorScheme scheme)
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address, width, scheme);
        await page.GotoAsync($"/account/login?ui_locales={language}");
        foreach (var (name, address) in Anonymous)
        {
            await page.GotoAsync(address);
            await CheckAsync(page, $"{name}-{language}");
        }

        await page.GotoAsync("/account/login");
        await EnterAsync(page, "wrong-password-here");
        await page.Locator("#problem").WaitForAsync();
        await CheckAsync(page, $"login-wrong-{language}");
        await EnterAsync(page, "correct-horse-birch");
        await page.ArrivesAsync("**/account");
        foreach (var (name, address) in SignedIn)
        {
            await page.GotoAsync(address);
            await CheckAsync(page, $"{name}-{language}");
        }

        async Task EnterAsync(IPage form, string password)
        {
            await form.Locator("#userName").FillAsync("bob");
            await form.Locator("#password").FillAsync(password);
            await form.Locator("#password").PressAsync("Enter");
        }
    }

    [Fact]
    public async Task The_strength_of_a_password_is_shown_while_it_is_typed()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await page.GotoAsync("/account/login?returnUrl=/account/manage/password");
        await page.Locator("#userName").FillAsync("bob");
        await page.Locator("#password").FillAsync("correct-horse-birch");
        await page.Locator("#password").PressAsync("Enter");
        var field = page.Locator("#new");

        await field.PressSequentiallyAsync("password1234");
        await page.SeesAsync("Guessed at once");
        await field.FillAsync("staple-battery-plum");
        await page.SeesAsync("Very good");
        await CheckAsync(page, "strength-en");
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        await page.KeepAsync("issuer-" + name);
        await page.AssertFitsAsync();
        await page.AssertAccessibleAsync();
    }
}
