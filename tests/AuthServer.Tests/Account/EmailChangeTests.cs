using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>A change of address that is under way is shown, and stopped by the person or by whoever reads the old mailbox.</summary>
public sealed class EmailChangeTests
{
    private const string Old = "alice@example.test";
    private const string New = "alice@new.example";

    [Fact]
    public async Task It_is_shown_until_it_is_taken_back_and_its_link_is_then_dead()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", New));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/email");

        var page = await browser.GoAsync("/account/manage/email");
        Assert.Contains($"A change to {New} waits to be confirmed.", page.Text, StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, ("action", "cancel"));

        Assert.Contains("The change was taken back.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("waits to be confirmed", page.Text, StringComparison.Ordinal);
        Assert.Contains("does not work any more", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_reads_the_old_mailbox_can_say_that_it_was_somebody_else()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        using var owner = new Browser(app);
        await thief.SubmitAsync(await thief.SignInAsync(await thief.GoAsync("/account/manage/email")), ("email", New));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/email");

        var page = await owner.SubmitAsync(await owner.GoAsync(link), ("action", "refuse"));

        Assert.Contains("The change was stopped.", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/manage/password\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("does not work any more", (await owner.GoAsync(link)).Text, StringComparison.Ordinal);
        await new Mailbox(app, New).AssertEmptyAsync();
    }

    [Fact]
    public async Task Another_one_takes_its_place_and_a_day_ends_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        await browser.SubmitAsync(page, ("email", "first@new.example"));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/email");
        page = await browser.SubmitAsync(page, ("email", New));

        Assert.Contains($"A change to {New} waits", page.Text, StringComparison.Ordinal);
        Assert.Contains("does not work any more", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(1));
        page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        Assert.DoesNotContain("waits to be confirmed", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_too_many_says_how_long_to_wait()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        for (var count = 0; count < 3; count++)
        {
            await browser.SubmitAsync(page, ("email", New));
        }

        var refused = await browser.SubmitAsync(page, ("email", New));

        // Three in fifteen minutes.
        Assert.Equal(TimeSpan.FromMinutes(5), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("Try again in 5 minutes.", refused.Text, StringComparison.Ordinal);
    }
}
