using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A new user comes to an app and creates an account by mail.</summary>
[Collection(OneAtATime.Name)]
public sealed class RegistrationJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_user_who_registers_from_an_app_is_then_signed_in_there(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.Orders.Address, "registration", language, width);
        await walk.Page.FollowLinkAsync("Sign in");
        await walk.FollowAsync("CreateAccount");
        await walk.SeesAsync("ContinueTo", "Orders");
        await walk.FillAsync("Email", walk.Address);
        await walk.PressAsync("Continue");
        await walk.SeesAsync("LookForMail");

        var link = await walk.FollowMailAsync(platform.Mails, "/account/activate");
        await walk.SeesAsync("AlmostThere");
        await walk.Page.SeesAsync(walk.Say("ContinueTo", "Orders"));
        await walk.FillAsync("YourName", "Nora New");
        await walk.FillAsync("NewPassword", Walk.Password);
        await walk.PressAsync("CreateAccount");
        await walk.ArrivesAsync("Nora New");

        // The link has been used already, and its page says so.
        await walk.Page.GotoAsync(link);
        await walk.SeesAsync("AccountIsThere");
        await walk.FollowAsync("SignIn");
        await walk.Page.SeesAsync(walk.Say("SignInTo", "Orders"));
    }
}
