using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>An app asks which account to use (<c>prompt=select_account</c>).</summary>
[Collection(OneAtATime.Name)]
public sealed class SelectAccountJourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task The_signed_in_user_continues_by_one_click_and_another_user_can_sign_in(string language, int width)
    {
        var app = new BareApp(platform);
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "choice", language, width);
        var other = walk.As("choice-other");
        await walk.Page.GotoAsync("/account");
        await walk.SignInAsync();
        await walk.SeesAsync("Hello", walk.Name);

        // The arrival of a request is recorded in whole seconds. A user who has signed in within the same second is not asked.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var same = await AskAsync(() => walk.Page.GetByRole(AriaRole.Link, new() { Name = walk.Address }).ClickAsync());
        var another = await AskAsync(async () =>
        {
            await walk.FollowAsync("AnotherAccount");
            await other.SeesAsync("SignInTo", "Orders");
            await other.SignInAsync();
        });

        Assert.Equal((walk.Name, other.Name), (same, another));
        await walk.Page.GotoAsync("/account");
        await other.SeesAsync("Hello", other.Name);

        async Task<string?> AskAsync(Func<Task> choose)
        {
            var claims = await app.SignInAsync(walk.Page, "prompt=select_account", async () =>
            {
                await walk.SeesAsync("ChooseAccount");
                await choose();
            });
            return claims.GetProperty("name").GetString();
        }
    }
}
