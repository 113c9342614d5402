using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>Somebody else has signed in. The user takes the account back by the link in the mail.</summary>
[Collection(OneAtATime.Name)]
public sealed class NotMeJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task The_link_in_the_mail_ends_every_sign_in_and_leads_to_a_new_password(string language, int width)
    {
        var thief = await Walk.StartAsync(chromium, platform.Orders.Address, "not-me", language, width);
        await thief.SignInToAsync(platform.Orders);
        await thief.ArrivesAsync();

        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "not-me", language, width);
        var link = await walk.FollowMailAsync(platform.Mails, "/account/notme");
        await walk.SeesAsync("NotMeMeans");
        await walk.PressAsync("NotMeButton");
        await walk.SeesAsync("NotMeDoneText", walk.Address);
        await thief.IsSignedOutAsync("Orders");
        await thief.SignInAsync();
        await thief.SeesAsync("WrongCredentials");

        await walk.FollowMailAsync(platform.Mails, "/account/reset");
        await walk.FillAsync("NewPassword", "staple-battery-plum");
        await walk.PressAsync("ChangePassword");
        await walk.ChooseAsync("AccountHistory");
        await walk.SeesAsync("EventAccountSecured");
        await walk.SeesAsync("DisownedByYou");

        await walk.Page.GotoAsync(link);
        await walk.SeesAsync("NotMeCovered");
        await walk.Page.GotoAsync(new Uri(platform.Orders.Address, "/account/signin").ToString());
        await walk.ArrivesAsync();
    }
}
