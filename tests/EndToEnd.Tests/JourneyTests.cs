using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>The things a user does in the two apps, in a real browser.</summary>
[Collection(OneAtATime.Name)]
public sealed class JourneyTests(Platform platform, Chromium chromium)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_person_signs_in_calls_the_API_refreshes_and_signs_out(int width, ColorScheme scheme)
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width, scheme);
        await page.SeesHeadingAsync("Sign in to Orders");
        await page.AssertFitsAsync();
        await page.KeepAsync("start");

        await page.FollowLinkAsync("Sign in");
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        await page.AssertFitsAsync();
        await page.KeepAsync("login");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.PressAsync("Call the API");
        await page.SeesAsync("200 OK");
        await page.AssertFitsAsync();
        await page.KeepAsync("called");
        await page.PressAsync("Call without token");
        await page.SeesAsync("401 Unauthorized");
        await page.KeepAsync("called-without-token");

        await page.FollowAsync("Tokens");
        await page.SeesHeadingAsync("Access token");
        var before = await page.InnerTextAsync("main");
        await page.AssertFitsAsync();
        await page.KeepAsync("tokens");
        await page.FollowAsync("Overview");
        await page.PressAsync("Refresh now");
        await page.SeesAsync("Refreshed");
        await page.FollowAsync("Tokens");
        Assert.NotEqual(before, await page.InnerTextAsync("main"));

        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Signed out");
        await page.SeesAsync("You are signed out at the login server too");
        await page.AssertFitsAsync();
        await page.KeepAsync("signed-out");
        await page.GotoAsync("/notes");
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_user_signs_in_to_one_app_by_the_password_grant_and_signs_out_of_it(int width, ColorScheme scheme)
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width, scheme);
        await page.FollowLinkAsync("Use the password grant");
        await page.SeesHeadingAsync("Sign in with the password grant");
        await page.AssertFitsAsync();
        await page.KeepAsync("password");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.PressAsync("Call the API");
        await page.SeesAsync("200 OK");
        await page.PressAsync("Refresh now");
        await page.SeesAsync("Refreshed");

        var reports = await Chromium.VisitAsync(page, new Uri(platform.Reports.Address, "/notes"));
        await reports.SeesIssuerAsync(platform.AuthServer.Address, "Reports");

        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Signed out");
        await page.SeesAsync("Its refresh token has been revoked");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Notes_are_written_and_deleted_and_belong_to_their_writer(int width)
    {
        var title = $"From {width}";
        var alice = await chromium.VisitAsync(platform.Orders.Address, width);
        await alice.SignInAsync("alice", "correct-horse-apple");
        await alice.SeesHeadingAsync("Hello, Alice Ahn");
        await alice.FollowAsync("Notes");
        await alice.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await alice.GetByLabel("Text", new() { Exact = true }).FillAsync("Two boxes of paper");
        await alice.PressAsync("Save note");
        await alice.SeesAsync("Saved");
        await alice.SeesAsync(title);
        await alice.AssertFitsAsync();
        await alice.KeepAsync("notes");

        var bob = await chromium.VisitAsync(platform.Orders.Address, width);
        await bob.SignInAsync("bob@example.test", "correct-horse-birch");
        await bob.SeesHeadingAsync("Hello, Bob Baek");
        await bob.FollowAsync("Notes");
        await bob.SeesHeadingAsync("Your notes");
        Assert.Equal(0, await bob.GetByText(title).CountAsync());

        await alice.PressAsync($"Delete {title}");
        await alice.SeesAsync("Deleted");
    }

    [Fact]
    public async Task An_app_without_the_scope_explains_the_refusal_in_plain_words()
    {
        var page = await chromium.VisitAsync(platform.Reports.Address);
        await page.SignInAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.FollowAsync("Notes");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Not for Reports");
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Reports may only read");
        await page.PressAsync("Save note");

        await page.SeesAsync("403 Forbidden");
        Assert.Contains("insufficient_scope", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal("Not for Reports", await page.GetByLabel("Title", new() { Exact = true }).InputValueAsync());
        await page.KeepAsync("forbidden");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task A_wrong_password_keeps_the_user_name(int width)
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width);
        await page.SignInByPasswordAsync("alice", "not the password");

        await page.SeesAsync("That did not match");
        Assert.Equal("alice", await page.GetByLabel("User name or email", new() { Exact = true }).InputValueAsync());
        Assert.Equal("", await page.GetByLabel("Password", new() { Exact = true }).InputValueAsync());
        await page.KeepAsync("wrong-password");
    }

    [Fact]
    public async Task The_keyboard_alone_signs_in()
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width: 320);
        await page.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        await page.AssertFitsAsync();
        await page.GetByLabel("User name or email", new() { Exact = true }).FocusAsync();
        await page.Keyboard.TypeAsync("alice");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("correct-horse-apple");
        await page.Keyboard.PressAsync("Enter");

        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.AssertFitsAsync();
    }
}
