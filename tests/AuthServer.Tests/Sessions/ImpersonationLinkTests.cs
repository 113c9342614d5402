using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Sessions;

/// <summary>The link by which an administrator acts as a user.</summary>
public sealed class ImpersonationLinkTests
{
    [Fact]
    public async Task Opening_it_changes_nothing_and_its_button_signs_the_browser_in_as_the_user_once()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync("root");
        var link = await app.LinkAsync();

        var page = await browser.GoAsync(link);
        Assert.Contains("Act as carol?", page.Text, StringComparison.Ordinal);
        Assert.Contains(ImpersonationScene.Reason, page.Text, StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal(0, await app.SessionsAsync());
        Assert.Contains("Hello, root", (await browser.GoAsync("/account")).Text, StringComparison.Ordinal);

        var own = browser.CopyOfCookies();
        browser.SetCookies.Clear();
        var begun = (await browser.SubmitAsync(page)).AssertIs("/account");
        Assert.Contains("Hello, carol", begun.Text, StringComparison.Ordinal);

        // The cookie ends with the window.
        var cookie = Assert.Single(browser.SetCookies, cookie => cookie.StartsWith("AuthServer.Session=", StringComparison.Ordinal));
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(browser.SetCookies, cookie => cookie.StartsWith("AuthServer.Known=", StringComparison.Ordinal));

        // The administrator's cookie of before is void, and their link is used.
        using var before = new Browser(app, cookies: own);
        (await before.GoAsync("/account")).AssertIs("/account/login");
        using var again = new Browser(app);
        await again.SignInAsync("root");
        Assert.Contains("no longer works", (await again.SubmitAsync(await again.GoAsync(link))).Text, StringComparison.Ordinal);
        Assert.Contains("Hello, root", (await again.GoAsync("/account")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await app.SessionsAsync());

        await app.StopAsync();
        var token = link.Split("token=")[1];
        Assert.DoesNotContain(app.Log, line => line.Contains(token[..40], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_uses_at_the_same_time_one_succeeds()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var one = new Browser(app);
        await one.SignInAsync("root");
        using var other = new Browser(app);
        await other.SignInAsync("root");
        var link = await app.LinkAsync();
        var pages = (await one.GoAsync(link), await other.GoAsync(link));

        var answers = await Task.WhenAll(one.SubmitAsync(pages.Item1), other.SubmitAsync(pages.Item2));

        Assert.Single(answers, answer => answer.Text.Contains("Hello, carol", StringComparison.Ordinal));
        Assert.Single(answers, answer => answer.Text.Contains("no longer works", StringComparison.Ordinal));
        Assert.Equal(1, await app.SessionsAsync());
    }

    [Fact]
    public async Task It_works_for_two_minutes_and_only_where_its_administrator_is_signed_in()
    {
        await using var app = await ImpersonationScene.StartAsync();
        var link = await app.LinkAsync();
        using var nobody = new Browser(app);
        var page = await nobody.GoAsync(link);
        Assert.Contains("in a browser where the administrator", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("carol", page.Text, StringComparison.Ordinal);

        // Another administrator, and the user: neither becomes somebody else by a link that somebody sends them.
        foreach (var name in new[] { "helen", "carol" })
        {
            using var stranger = new Browser(app);
            await stranger.SignInAsync(name);
            var shown = await stranger.GoAsync(link);
            Assert.Contains("in a browser where the administrator", shown.Text, StringComparison.Ordinal);
            var token = (await stranger.GoAsync("/account/manage/sessions")).FormToken;
            var sent = await stranger.PostAsync(link, [KeyValuePair.Create("form", token)]);
            Assert.Contains("in a browser where the administrator", sent.Text, StringComparison.Ordinal);
            Assert.Contains($"Hello, {name}", (await stranger.GoAsync("/account")).Text, StringComparison.Ordinal);
        }

        // The administrator signs in by the way that the page shows, and comes back.
        var login = await nobody.GoAsync(WebUtility.HtmlDecode(page.Html.Split("<a class=\"button\" href=\"")[1].Split('"')[0]));
        var back = await nobody.SignInAsync(login, "root", AdminPlatform.Password);
        Assert.Contains("Act as carol?", back.Text, StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("no longer works", (await nobody.SubmitAsync(back)).Text, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await nobody.GoAsync("/account/impersonation?token=x")).Text, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await nobody.GoAsync("/account/impersonation")).Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.SessionsAsync());
    }

    [Theory]
    [InlineData("DELETE FROM UserRoles WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'helen')")]
    [InlineData("DELETE FROM UserRoles WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'carol')")]
    [InlineData("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'carol'")]
    [InlineData("UPDATE Users SET EmailConfirmed = 0 WHERE UserName = 'carol'")]
    [InlineData("INSERT INTO UserRoles (UserId, RoleId) SELECT u.Id, r.Id FROM Users u, Roles r WHERE u.UserName = 'carol' AND r.Name = 'reader'")]
    [InlineData("UPDATE Sessions SET EndedAt = 1 WHERE BrowserNonce IS NULL AND UserId = (SELECT Id FROM Users WHERE UserName = 'helen')")]
    public async Task What_was_allowed_when_it_was_asked_for_must_still_be_allowed(string change)
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync("helen");
        var page = await browser.GoAsync(await app.LinkAsync("helen"));
        Assert.Contains("Act as carol?", page.Text, StringComparison.Ordinal);

        await app.SqlAsync(change);

        Assert.Contains("or no longer can", (await browser.SubmitAsync(page)).Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.SessionsAsync());
    }
}
