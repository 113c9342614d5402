using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A user signs in once for all apps, and signs out of all at once.</summary>
[Collection(OneAtATime.Name)]
public sealed class SingleSignOnJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_sign_in_to_one_app_signs_in_to_the_other_and_a_sign_out_signs_out_of_both(string language, int width)
    {
        var orders = await Walk.StartAsync(chromium, platform.Orders.Address, "shared", language, width);
        await orders.Page.FollowLinkAsync("Sign in");
        await orders.SeesAsync("SignInTo", "Orders");
        await orders.SignInAsync();
        await orders.ArrivesAsync();
        var reports = await orders.OpenAsync(platform.Reports.Address);
        await reports.Page.FollowLinkAsync("Sign in");
        await reports.ArrivesAsync();

        await orders.SignOutAsync();
        await orders.Page.SeesAsync("You are signed out at the login server too");

        await reports.IsSignedOutAsync("Reports");
    }

    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task The_account_page_leads_to_the_apps_and_signs_out_of_them_after_a_question(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "launcher", language, width);
        await walk.Page.GotoAsync("/account");
        await walk.SignInAsync();
        await walk.SeesAsync("YourApps");
        var orders = await walk.OpenAsync(new Uri(walk.Page.Url));
        await orders.Page.FollowLinkAsync("Orders");
        await orders.Page.FollowLinkAsync("Sign in");
        await orders.ArrivesAsync();

        await walk.FollowAsync("SignOut");
        await walk.SeesAsync("SignOutMeans", walk.Name);
        await walk.FollowAsync("StayHere");
        await walk.SeesAsync("Hello", walk.Name);
        await walk.FollowAsync("SignOut");
        await walk.PressAsync("SignOut");
        await walk.SeesAsync("SignedOutEverywhere");

        await orders.IsSignedOutAsync("Orders");
        await walk.FollowAsync("SignIn");
        await walk.SeesAsync("UserNameOrEmail");
    }
}
