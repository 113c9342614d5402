using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A third-party app asks a user for consent.</summary>
[Collection(OneAtATime.Name)]
public sealed class ConsentJourneyTests(Platform platform, Chromium chromium) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await platform.Guest.StartAsync();

    public async ValueTask DisposeAsync() => await platform.Guest.KillAsync();

    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_user_is_asked_for_consent_once_and_again_after_withdrawing_it(string language, int width)
    {
        var walk = await Walk.StartAsync(chromium, platform.Guest.Address, "consent", language, width);
        await walk.Page.FollowLinkAsync("Sign in");
        await walk.SignInAsync();
        await walk.SeesAsync("ConsentTitle", "Guest");
        Assert.Equal(
            [
                walk.Say("ScopeOpenId"),
                walk.Say("ScopeProfile"),
                walk.Say("ScopeOfflineAccess"),
                language is "ko" ? "내 정보 읽기" : "Read who you are",
            ],
            await walk.Page.Locator(".plain li").AllInnerTextsAsync());
        await walk.PressAsync("Allow");
        await walk.ArrivesAsync();

        await AnewAsync();
        await walk.ArrivesAsync();

        await walk.Page.GotoAsync(new Uri(platform.AuthServer.Address, "/account/manage/apps").ToString());
        await walk.SeesAsync("ScopeOfflineAccess");
        await walk.Page.PressAsync($"{walk.Say("Withdraw")}: Guest");
        await walk.SeesAsync("DoneWithdrawn");

        await AnewAsync();
        await walk.Page.SeesAsync(walk.Say("ConsentTitle", "Guest"));
        await walk.Page.RunAndWaitForRequestAsync(
            () => walk.PressAsync("Deny"),
            request => request.Url.StartsWith(
                new Uri(platform.Guest.Address, "/account/callback?error=access_denied").ToString(), StringComparison.Ordinal));
        await walk.Page.SeesAsync("You did not sign in");

        async Task AnewAsync()
        {
            await walk.Page.Context.ClearCookiesAsync();
            await walk.SignInToAsync(platform.Guest);
        }
    }
}
