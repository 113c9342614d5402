using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A user moves the account to another email address.</summary>
[Collection(OneAtATime.Name)]
public sealed class EmailChangeJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task The_old_address_agrees_and_the_new_one_confirms(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "email", language, width);
        var moved = $"moved-{walk.Address}";
        await walk.Page.GotoAsync("/account/login?returnUrl=/account/manage/email");
        await walk.SignInAsync();
        await walk.FillAsync("NewEmail", moved);
        await walk.PressAsync("ChangeEmail");
        await walk.SeesAsync("DoneEmailAsked");

        await walk.FollowMailAsync(platform.Mails, "/account/email");
        await walk.SeesAsync("EmailChangeQuestion", walk.Address, moved);
        await walk.PressAsync("ApproveEmail");
        await walk.SeesAsync("DoneEmailSent");
        await walk.Page.GotoAsync("/account/manage/email");
        await walk.Page.SeesAsync(walk.Say("CurrentEmail", walk.Address));

        await walk.FollowMailAsync(platform.Mails, "/account/email", moved);
        await walk.PressAsync("ConfirmEmail");
        await walk.SeesAsync("DoneEmailChanged");
        await walk.FollowAsync("ToAccount");
        await walk.Page.GotoAsync("/account/manage/email");
        await walk.SeesAsync("CurrentEmail", moved);
    }
}
