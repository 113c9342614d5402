using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>A pending change of the email address is shown. The user, or a reader of the old mailbox, can stop it.</summary>
public sealed class EmailChangeTests
{
    private const string Old = "alice@example.test";
    private const string New = "alice@new.example";

    [Fact]
    public async Task A_pending_change_is_shown_until_it_is_cancelled_and_its_link_then_no_longer_works()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", New));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/email");

        var page = await browser.GoAsync("/account/manage/email");
        Assert.Contains($"Waiting for you to confirm {New}.", page.Text, StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, ("action", "cancel"));

        Assert.Contains("The change was canceled.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for you to confirm", page.Text, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_of_the_old_mailbox_can_report_that_another_person_asked_for_the_change()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        using var owner = new Browser(app);
        await thief.SubmitAsync(await thief.SignInAsync(await thief.GoAsync("/account/manage/email")), ("email", New));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/email");

        var page = await owner.SubmitAsync(await owner.GoAsync(link), ("action", "refuse"));

        Assert.Contains("The change was stopped.", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/manage/password\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await owner.GoAsync(link)).Text, StringComparison.Ordinal);
        await new Mailbox(app, New).AssertEmptyAsync();
    }

    [Fact]
    public async Task A_new_change_replaces_the_pending_one_and_expires_after_a_day()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        await browser.SubmitAsync(page, ("email", "first@new.example"));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/email");
        page = await browser.SubmitAsync(page, ("email", New));

        Assert.Contains($"Waiting for you to confirm {New}", page.Text, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(1));
        page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        Assert.DoesNotContain("Waiting for you to confirm", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_too_many_mails_the_page_says_how_long_to_wait()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        for (var count = 0; count < 3; count++)
        {
            await browser.SubmitAsync(page, ("email", New));
        }

        var refused = await browser.SubmitAsync(page, ("email", New));

        // The limit is three mails in fifteen minutes.
        Assert.Equal(TimeSpan.FromMinutes(5), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("Try again in 5 minutes.", refused.Text, StringComparison.Ordinal);
    }
}
