using EndToEnd.Tests.Support;
using OtpNet;

namespace EndToEnd.Tests;

/// <summary>A user sets up two-step sign-in and uses it.</summary>
[Collection(OneAtATime.Name)]
public sealed class AuthenticatorJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task With_an_authenticator_app_a_person_signs_in_by_its_code_or_a_recovery_code_or_a_browser_that_is_remembered(
        string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "authenticator", language, width);
        await walk.Page.GotoAsync("/account/login");
        await walk.SignInAsync();
        await walk.SeesAsync("Hello", walk.Name);
        await walk.ChooseAsync("Authenticator");
        await walk.SeesAsync("AuthenticatorText");
        var app = new Totp(
            Base32Encoding.ToBytes((await walk.Page.Locator(".secret").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal)));
        await walk.FillAsync("CodeOfApp", "000 000");
        await walk.PressAsync("TurnOn");
        await walk.SeesAsync("WrongCode");

        // A code works only once: the set-up uses the previous code, the sign-in the current one.
        await walk.FillAsync("CodeOfApp", CodeAt(TimeSpan.FromSeconds(-30)));
        await walk.PressAsync("TurnOn");
        await walk.SeesAsync("RecoveryCodesText");
        var codes = await walk.Page.Locator(".codes code").AllInnerTextsAsync();
        Assert.Equal(10, codes.Distinct().Count());
        await walk.FollowAsync("CodesKept");
        await walk.SeesAsync("AuthenticatorIsOn");
        await walk.FollowAsync("SignOut");
        await walk.PressAsync("SignOut");
        await walk.SeesAsync("SignedOut");

        await walk.SignInToAsync(platform.Orders);
        await walk.SeesAsync("EnterCodeText");
        await walk.FillAsync("Code", CodeAt(TimeSpan.Zero));
        await walk.PressAsync("Continue");
        await walk.ArrivesAsync();
        await walk.SignOutAsync();

        await walk.SignInToAsync(platform.Orders);
        await walk.FillAsync("Code", codes[0]);
        await walk.PressAsync("Continue");
        await walk.SeesAsync("RecoveryCodesLeft", 9);
        await walk.FollowAsync("OnwardTo", "Orders");
        await walk.ArrivesAsync();
        await walk.SignOutAsync();

        // Each recovery code works once.
        await walk.SignInToAsync(platform.Orders);
        await walk.FillAsync("Code", codes[0]);
        await walk.PressAsync("Continue");
        await walk.SeesAsync("WrongCode");

        // This browser is remembered from now on; other browsers are not.
        await walk.FillAsync("Code", codes[1]);
        await walk.TickAsync("RememberBrowser");
        await walk.PressAsync("Continue");
        await walk.FollowAsync("OnwardTo", "Orders");
        await walk.ArrivesAsync();
        await walk.SignOutAsync();
        await walk.SignInToAsync(platform.Orders);
        await walk.ArrivesAsync();
        var elsewhere = await Walk.StartAsync(chromium, platform.Orders.Address, "authenticator", language, width);
        await elsewhere.SignInToAsync(platform.Orders);
        await elsewhere.SeesAsync("EnterCodeText");

        string CodeAt(TimeSpan offset) => app.ComputeTotp((TimeProvider.System.GetUtcNow() + offset).UtcDateTime);
    }
}
