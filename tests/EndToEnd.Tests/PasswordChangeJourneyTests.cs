using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A user changes the password on the account page.</summary>
[Collection(OneAtATime.Name)]
public sealed class PasswordChangeJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task The_new_password_works_the_old_one_does_not_and_a_mail_reports_the_change(string language, int width)
    {
        var elsewhere = await Walk.StartAsync(chromium, platform.Orders.Address, "password", language, width);
        await elsewhere.SignInToAsync(platform.Orders);
        await elsewhere.ArrivesAsync();
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "password", language, width);
        await walk.Page.GotoAsync("/account");
        await walk.SignInAsync();
        await walk.ChooseAsync("ChangePassword");
        await walk.SeesAsync("PasswordChangeMeans");
        await ChangeAsync("not-the-password", "staple-battery-plum");
        await walk.SeesAsync("WrongPassword");
        await ChangeAsync(Walk.Password, "password1234");
        await walk.SeesAsync("PasswordTooCommon");
        await ChangeAsync(Walk.Password, "staple-battery-plum");
        await walk.SeesAsync("DonePasswordChanged");

        await elsewhere.IsSignedOutAsync("Orders");
        await elsewhere.SignInAsync();
        await elsewhere.SeesAsync("WrongCredentials");
        await elsewhere.SignInAsync("staple-battery-plum");
        await elsewhere.ArrivesAsync();

        await walk.FollowMailAsync(platform.Mails, "/account/notme");
        await walk.SeesAsync("NotMeElse");

        async Task ChangeAsync(string before, string after)
        {
            await walk.FillAsync("CurrentPassword", before);
            await walk.FillAsync("NewPassword", after);
            await walk.PressAsync("ChangePassword");
        }
    }
}
