using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A user goes back, and signs in in two tabs.</summary>
[Collection(OneAtATime.Name)]
public sealed class SeveralTabsJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task Going_back_after_the_sign_in_and_signing_in_again_ends_in_the_app(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.Orders.Address, "tabs", language, width);
        await walk.Page.FollowLinkAsync("Sign in");
        await walk.SignInAsync();
        await walk.ArrivesAsync();

        await walk.Page.GoBackAsync();
        await walk.SignInAsync();

        await walk.ArrivesAsync();
    }

    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task Two_tabs_that_sign_in_both_end_in_the_app(string language, int width)
    {
        var first = await Walk.StartAsync(chromium, platform.Orders.Address, "tabs", language, width);
        await first.Page.FollowLinkAsync("Sign in");
        var second = await first.OpenAsync(platform.Orders.Address);
        await second.Page.FollowLinkAsync("Sign in");

        await first.SignInAsync();
        await second.SignInAsync();

        await first.ArrivesAsync();
        await second.ArrivesAsync();
    }
}
