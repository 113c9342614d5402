using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A user comes to an app and has forgotten the password.</summary>
[Collection(OneAtATime.Name)]
public sealed class ForgottenPasswordJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_user_who_sets_a_new_password_is_then_signed_in_to_the_app(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.Orders.Address, "forgotten", language, width);
        await walk.Page.FollowLinkAsync("Sign in");
        await walk.SignInAsync("not-the-password");
        await walk.SeesAsync("WrongCredentials");
        await walk.FollowAsync("ForgotPassword");
        await walk.SeesAsync("ForgotPasswordText");
        await walk.FillAsync("UserNameOrEmail", walk.Name);
        await walk.PressAsync("Continue");
        await walk.SeesAsync("ResetSent");

        var link = await walk.FollowMailAsync(platform.Mails, "/account/reset");
        await walk.SeesAsync("ChooseNewPassword");
        await walk.Page.SeesAsync(walk.Say("ContinueTo", "Orders"));
        await walk.FillAsync("NewPassword", "staple-battery-plum");
        await walk.PressAsync("ChangePassword");
        await walk.ArrivesAsync();

        await walk.Page.GotoAsync(link);
        await walk.SeesAsync("LinkExpired");
        await walk.Page.GotoAsync(platform.Orders.Address.ToString());
        await walk.SignOutAsync();
        await walk.SignInToAsync(platform.Orders);
        await walk.Page.SeesAsync(walk.Say("WrongCredentials"));
        await walk.SignInAsync("staple-battery-plum");
        await walk.ArrivesAsync();
    }

    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_user_who_opens_the_mail_in_another_browser_reaches_the_app_by_one_click(string language, int width)
    {
        var asking = await Walk.StartAsync(chromium, platform.Orders.Address, "elsewhere", language, width);
        await asking.Page.FollowLinkAsync("Sign in");
        await asking.FollowAsync("ForgotPassword");
        await asking.FillAsync("UserNameOrEmail", asking.Name);
        await asking.PressAsync("Continue");

        var walk = await Walk.StartAsync(chromium, platform.Orders.Address, "elsewhere", language, width);
        await walk.FollowMailAsync(platform.Mails, "/account/reset");
        await walk.FillAsync("NewPassword", "staple-battery-plum");
        await walk.PressAsync("ChangePassword");
        await walk.SeesAsync("OnwardText", "Orders");
        await walk.FollowAsync("OnwardTo", "Orders");
        await walk.Page.FollowLinkAsync("Sign in");
        await walk.ArrivesAsync();
    }
}
