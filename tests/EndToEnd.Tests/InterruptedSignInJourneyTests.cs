using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>Something happens between showing the sign-in page and sending its form.</summary>
[Collection(OneAtATime.Name)]
public sealed class InterruptedSignInJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task An_expired_form_says_so_and_the_next_one_signs_in(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.Orders.Address, "expired", language, width);
        await walk.Page.FollowLinkAsync("Sign in");
        await walk.SeesAsync("SignInTo", "Orders");
        await walk.Page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Form" });

        await walk.SignInAsync();
        await walk.SeesAsync("FormExpired");
        await walk.SignInAsync();

        await walk.ArrivesAsync();
    }

    [Fact]
    public async Task A_user_at_the_sign_in_page_while_the_server_is_killed_can_sign_in_when_it_is_back()
    {
        var walks = new List<Walk>();
        foreach (var (language, width) in Walk.Readers)
        {
            var walk = await Walk.StartAsync(chromium, platform.Orders.Address, "restart", language, width);
            await walk.Page.FollowLinkAsync("Sign in");
            await walk.SeesAsync("SignInTo", "Orders");
            walks.Add(walk);
        }

        await platform.AuthServer.RestartAsync();

        foreach (var walk in walks)
        {
            await walk.SignInAsync();
            await walk.ArrivesAsync();
        }
    }
}
