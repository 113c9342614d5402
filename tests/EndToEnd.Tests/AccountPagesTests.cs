using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>
/// Each page of the issuer in both languages, on a phone and on a desktop: it is accessible (axe) and not wider than the window. A
/// picture is kept.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class AccountPagesTests(Platform platform, Chromium chromium)
{
    // A user of this class alone: the passkey of another test would be asked for.
    private const string Person = "strength-en-1280";

    private static readonly (string Name, string Address)[] Anonymous =
    [
        ("login", "/account/login"),
        ("register", "/account/register"),
        ("forgot", "/account/forgot"),
        ("link-expired", "/account/reset?token=x"),
        ("not-me-expired", "/account/notme?token=x"),
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
        ("history", "/account/manage/history"),
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
    public Task Every_page_is_accessible_and_fits(int width, string language, ColorScheme scheme) =>
        LookAtAsync(width, language, scheme, CheckAsync);

    // Without axe, which takes longest: its result does not depend on 70 pixels less.
    [Theory]
    [InlineData("en", ColorScheme.Dark)]
    [InlineData("ko", ColorScheme.Light)]
    public Task Every_page_fits_the_narrowest_window(string language, ColorScheme scheme) => LookAtAsync(320, language, scheme, FitsAsync);

    [Theory]
    [InlineData(1280, "en", ColorScheme.Light)]
    [InlineData(320, "ko", ColorScheme.Dark)]
    public async Task Every_page_that_needs_steps_before_it_is_accessible_and_fits(int width, string language, ColorScheme scheme)
    {
        var person = language is "ko" ? "looked-at-ko-390" : "looked-at-en-1280";
        var page = await chromium.VisitAsync(platform.AuthServer.Address, width, scheme, language);
        await page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Form" });
        await EnterAsync(page, person, Walk.Password);
        await page.Locator("main > .notice.info").WaitForAsync();
        await CheckAsync(page, $"expired-{language}");
        await EnterAsync(page, person, Walk.Password);
        await page.ArrivesAsync(new Uri(platform.AuthServer.Address, "account"));

        await page.GotoAsync("/account/select?returnUrl=/account");
        await CheckAsync(page, $"select-{language}");

        await VirtualAuthenticator.PlugInAsync(page);
        await page.GotoAsync("/account/manage/passkeys");
        await page.Locator("[data-passkey=create] button").ClickAsync();
        await page.Locator(".notice.done").WaitForAsync();
        await page.Locator("summary").First.ClickAsync();
        await CheckAsync(page, $"passkeys-rows-{language}");

        await page.GotoAsync(await platform.AuthServer.DeviceAddressAsync());
        await page.Locator("button[value=yes]").WaitForAsync();
        await CheckAsync(page, $"device-question-{language}");
        await page.Locator("button[value=yes]").ClickAsync();
        await page.Locator(".notice.done").WaitForAsync();
        await CheckAsync(page, $"device-done-{language}");

        await page.GotoAsync("/development/mail");
        await CheckAsync(page, $"mail-{language}");

        // The page as a browser without scripts shows it. Scripts cannot be switched off, because axe is one.
        await page.RouteAsync("**/connect/authorize*", async route =>
        {
            var answer = await route.FetchAsync();
            var body = Regex.Replace(await answer.TextAsync(), "<script>.*?</script>|</?noscript>", "");
            await route.FulfillAsync(new() { Response = answer, Body = body });
        });
        await page.GotoAsync(
            "/connect/authorize?client_id=orders&response_type=code&response_mode=form_post&scope=openid&code_challenge_method=S256"
            + $"&code_challenge={new string('A', 43)}&redirect_uri="
            + Uri.EscapeDataString(new Uri(platform.Orders.Address, "account/callback").ToString()));
        await page.Locator("form button").WaitForAsync();
        await CheckAsync(page, $"form-post-{language}");

        // A user for whom no other test enters a device code.
        page = await chromium.VisitAsync(platform.AuthServer.Address, width, scheme, language);
        await EnterAsync(page, "ada", "correct-horse-cedar");
        await page.ArrivesAsync(new Uri(platform.AuthServer.Address, "account"));
        var status = 0;
        for (var count = 0; count < 11; count++)
        {
            status = (await page.GotoAsync("/device?user_code=0000-0000-0000"))!.Status;
        }

        Assert.Equal(429, status);
        await CheckAsync(page, $"throttled-{language}");
    }

    [Fact]
    public async Task A_password_can_be_pasted()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await PasteAsync("#password", Walk.Password);
        await page.Locator("#userName").FillAsync(Person);
        await page.Locator("#password").PressAsync("Enter");
        await page.ArrivesAsync(new Uri(platform.AuthServer.Address, "account"));

        await page.GotoAsync("/account/manage/password");
        await PasteAsync("#current", Walk.Password);
        await PasteAsync("#new", "staple-battery-plum");
        await page.SeesAsync("Strong");

        async Task PasteAsync(string field, string text)
        {
            // The text is copied from a field of the test's own, with the user's keys.
            await page.EvaluateAsync("text => { const own = document.body.appendChild(document.createElement('textarea')); own.id = "
                + "'own'; own.value = text; own.select(); }", text);
            await page.Keyboard.PressAsync("Control+C");
            await page.EvaluateAsync("document.getElementById('own').remove()");
            await page.Locator(field).PressAsync("Control+V");
            Assert.Equal(text, await page.Locator(field).InputValueAsync());
        }
    }

    [Fact]
    public async Task The_strength_of_a_password_is_shown_while_it_is_typed()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await page.GotoAsync("/account/login?returnUrl=/account/manage/password");
        await EnterAsync(page, Person, Walk.Password);
        var field = page.Locator("#new");

        await field.PressSequentiallyAsync("password1234");
        await page.SeesAsync("Very weak");
        await field.FillAsync("staple-battery-plum");
        await page.SeesAsync("Strong");
        await CheckAsync(page, "strength-en");
    }

    private async Task LookAtAsync(int width, string language, ColorScheme scheme, Func<IPage, string, Task> check)
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address, width, scheme);
        await page.GotoAsync($"/account/login?ui_locales={language}");
        foreach (var (name, address) in Anonymous)
        {
            await page.GotoAsync(address);
            await check(page, $"{name}-{language}");
        }

        await page.GotoAsync("/account/login");
        await EnterAsync(page, "bob", "wrong-password-here");
        await page.Locator("#problem").WaitForAsync();
        await check(page, $"login-wrong-{language}");
        await EnterAsync(page, "bob", "correct-horse-birch");
        await page.ArrivesAsync(new Uri(platform.AuthServer.Address, "account"));
        foreach (var (name, address) in SignedIn)
        {
            await page.GotoAsync(address);
            await check(page, $"{name}-{language}");
        }
    }

    private static async Task EnterAsync(IPage page, string userName, string password)
    {
        await page.Locator("#userName").FillAsync(userName);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("#password").PressAsync("Enter");
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        await FitsAsync(page, name);
        await page.AssertAccessibleAsync();
    }

    private static async Task FitsAsync(IPage page, string name)
    {
        await page.KeepAsync("issuer-" + name);
        await page.AssertFitsAsync();
    }
}
