using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>Passkeys on the issuer's pages, with Chromium's virtual authenticator.</summary>
[Collection(OneAtATime.Name)]
public sealed class PasskeyTests(Platform platform, Chromium chromium)
{
    // The virtual authenticator accepts the suggestion of the name field at once, before the test has pressed anything.
    private const string WithoutSuggestion = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";

    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_passkey_is_added_signs_in_without_a_name_is_renamed_and_stops_working_when_removed(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "passkeys", language, width);
        await VirtualAuthenticator.PlugInAsync(walk.Page);
        await walk.Page.AddInitScriptAsync(WithoutSuggestion);
        await walk.Page.GotoAsync("/account");
        await walk.SeesAsync("SignInWithPasskey");
        await walk.SignInAsync();
        await walk.ChooseAsync("Passkeys");
        await walk.SeesAsync("PasskeysText");
        await walk.FillAsync("PasskeyName", "My first passkey");
        await walk.PressAsync("AddPasskey");
        await walk.SeesAsync("DonePasskeyAdded");
        await walk.Page.SeesAsync("My first passkey");
        await walk.PressAsync("AddPasskey");
        await walk.SeesAsync("PasskeyKnown");

        await walk.Page.Locator("summary").First.ClickAsync();
        await walk.Page.Locator("details").GetByLabel(walk.Say("PasskeyName")).FillAsync("My laptop");
        await walk.PressAsync("Save");
        await walk.SeesAsync("DonePasskeyRenamed");
        await walk.Page.SeesAsync("My laptop");

        await SignOutAsync();
        await walk.PressAsync("SignInWithPasskey");
        await walk.SeesAsync("Hello", walk.Name);
        await walk.ChooseAsync("Passkeys");
        await walk.Page.GetByLabel($"{walk.Say("Remove")}: My laptop", new() { Exact = true }).ClickAsync();
        await walk.Page.PressAsync(walk.Say("RemovePasskeySure"));
        await walk.SeesAsync("DonePasskeyRemoved");
        Assert.Equal(0, await walk.Page.Locator(".rows li").CountAsync());

        await SignOutAsync();
        await walk.PressAsync("SignInWithPasskey");
        await walk.SeesAsync("PasskeyRefused");

        async Task SignOutAsync()
        {
            await walk.FollowAsync("SignOut");
            await walk.PressAsync("SignOut");
            await walk.FollowAsync("SignIn");
        }
    }

    [Fact]
    public async Task Step_up_to_phr_asks_for_the_passkey_that_the_name_field_suggests_and_keeps_the_session()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        var authenticator = await VirtualAuthenticator.PlugInAsync(page);
        await AddAsync(page, "bob", "correct-horse-birch");
        await authenticator.TouchAsync(false);

        // In the session that added the passkey, the user has already proved it.
        await page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Session" });
        await page.GotoAsync("/account/login");
        await SignInByPasswordAsync(page, "bob", "correct-horse-birch");
        await page.ArrivesAsync(new Uri(platform.AuthServer.Address, "account"));
        var app = new BareApp(platform);
        var weak = await app.SignInAsync(page, "acr_values=aal1");

        var strong = await app.SignInAsync(page, "acr_values=phr", async () =>
        {
            await page.SeesAsync("Sign in with your passkey to continue.");
            await page.KeepAsync("passkeys-step-up");
            await authenticator.TouchAsync(true);
            await page.ReloadAsync();
        });

        Assert.Equal(("aal1", "phr"), (weak.GetProperty("acr").GetString(), strong.GetProperty("acr").GetString()));
        Assert.Equal(["pop", "user", "mfa"], strong.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(weak.GetProperty("sid").GetString(), strong.GetProperty("sid").GetString());
    }

    [Fact]
    public async Task A_user_whom_the_device_has_not_verified_is_not_signed_in()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        var authenticator = await VirtualAuthenticator.PlugInAsync(page);
        await page.AddInitScriptAsync(WithoutSuggestion);
        await AddAsync(page, "bob", "correct-horse-birch");
        await page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Session" });
        await authenticator.VerifyUserAsync(false);

        await page.GotoAsync("/account/login");
        await page.PressAsync("Sign in with a passkey");

        await page.SeesAsync("No passkey was used");
        await page.KeepAsync("passkeys-cancelled");
    }

    [Fact]
    public async Task A_locked_user_is_refused_once_and_the_page_does_not_retry_by_itself()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await VirtualAuthenticator.PlugInAsync(page);
        await AddAsync(page, "bob", "correct-horse-birch");
        await platform.CommandAsync("user", "lock", "bob");
        try
        {
            await page.GotoAsync("/account/login");

            await page.SeesAsync("That passkey didn’t work.");
            var sent = 0;
            page.Request += (_, request) => sent += request.Method is "POST" ? 1 : 0;
            await Task.Delay(1000);
            Assert.Equal(0, sent);
        }
        finally
        {
            await platform.CommandAsync("user", "unlock", "bob");
        }
    }

    [Fact]
    public async Task Without_scripts_or_an_authenticator_the_page_offers_only_the_password()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await page.AddInitScriptAsync("delete window.PublicKeyCredential");
        await page.GotoAsync("/account/login?returnUrl=/account/manage/passkeys");
        Assert.False(await page.Locator("[data-passkey-start]").IsVisibleAsync());

        await SignInByPasswordAsync(page, "alice", "correct-horse-apple");

        await page.SeesAsync("This browser can’t create passkeys.");
        Assert.False(await page.Locator("#name").IsVisibleAsync());
    }

    private static async Task SignInByPasswordAsync(IPage page, string userName, string password)
    {
        await page.Locator("#userName").FillAsync(userName);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("#password").PressAsync("Enter");
    }

    private async Task AddAsync(IPage page, string userName, string password)
    {
        // After a sign-in by password alone, a user who has a passkey cannot add another. Another test may have left one.
        await platform.CommandAsync("user", "reset-factors", userName, "--yes");
        await page.GotoAsync("/account/login?returnUrl=/account/manage/passkeys");
        await SignInByPasswordAsync(page, userName, password);
        await page.PressAsync("Add passkey");
        await page.SeesAsync("Passkey added.");
    }
}
