using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A user sees the sign-ins on other devices, and ends them.</summary>
[Collection(OneAtATime.Name)]
public sealed class SessionsJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task Another_device_is_shown_on_the_page_that_signs_it_out(string language, int width)
    {
        var walk = await StartAsync();
        var sessions = new Uri(platform.AuthServer.Address, "/account/manage/sessions").ToString();
        await walk.Page.GotoAsync(sessions);
        await walk.SeesAsync("ThisDevice");
        var other = await StartAsync();

        await walk.Page.GotoAsync(sessions);
        await walk.SeesAsync("SignOutOthers");
        await walk.Page.GetByRole(AriaRole.Button, new() { Name = walk.Say("SignOut") + ": " }).ClickAsync();
        await walk.SeesAsync("DoneSignedOut");
        await other.IsSignedOutAsync("Orders");

        await other.SignInAsync();
        await other.ArrivesAsync();
        var third = await StartAsync();
        await walk.Page.GotoAsync(sessions);
        await walk.OpenAsync("SignOutOthers");
        await walk.PressAsync("SignOutOthersSure");
        await walk.SeesAsync("DoneOthersSignedOut");
        Assert.Equal(0, await walk.Page.GetByRole(AriaRole.Button).CountAsync());
        await other.IsSignedOutAsync("Orders");
        await third.IsSignedOutAsync("Orders");

        await walk.Page.GotoAsync(platform.Orders.Address.ToString());
        await walk.Page.PressAsync("Refresh now");
        await walk.Page.SeesAsync("Refreshed");

        async Task<Walk> StartAsync()
        {
            var started = await Walk.StartAsync(chromium, platform.Orders.Address, "sessions", language, width);
            await started.SignInToAsync(platform.Orders);
            await started.ArrivesAsync();
            return started;
        }
    }
}
