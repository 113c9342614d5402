using System.Net;
using AuthServer.Tests.Mail;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>The link "This wasn’t me": its reader gets the account back, and nobody else does.</summary>
public sealed class NotMeTests
{
    private const string Old = "alice@example.test";
    private const string Foreign = "thief@example.test";
    private const string Password = "correct-horse-apple";
    private const string Stolen = "staple-battery-plum";
    private const string Fresh = "another-battery-plum";
    private const string Works = "If you continue";
    private const string Expired = "This link no longer works";

    [Fact]
    public async Task A_thief_who_has_changed_password_address_and_factors_loses_everything_and_the_owner_gets_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        using var remembered = new Browser(app);
        using var passkey = new VirtualAuthenticator();
        await thief.SignInAsync(await thief.GoAsync("/account"));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/notme");
        var tokens = await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", Password);
        Tick(app);
        await thief.AddPasskeyAsync(passkey);
        var (_, codes) = await TwoStepTests.TurnOnAsync(app, thief);
        await remembered.SubmitAsync(
            await remembered.SignInAsync(await remembered.GoAsync("/account")), ("code", codes[0]), ("rememberBrowser", "true"));
        Tick(app);
        await ChangePasswordAsync(thief, Password, Stolen);
        await ChangeAddressAsync(app, thief);
        Tick(app);
        await SubmitAsync(thief, "/account/manage/authenticator", ("action", "codes"));
        var thiefs = new Mailbox(app, Foreign);
        var thiefsLink = await thiefs.NextLinkAsync("/account/notme");
        await thief.SubmitAsync(await thief.GoAsync("/account/forgot"), ("userName", Foreign));
        var reset = await thiefs.NextLinkAsync("/account/reset");
        await thief.SubmitAsync(await thief.GoAsync("/account/manage/email"), ("email", "third@example.test"));
        var pending = await thiefs.NextLinkAsync("/account/email");

        using var owner = new Browser(app);
        var page = await owner.GoAsync(link);
        foreach (var text in new[]
        {
            "Signed in on a new device", "Account: alice", $"email changes back to {Old}", "My laptop", "Two-step sign-in is turned off",
        })
        {
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        }

        Assert.Contains(Foreign, (await thief.GoAsync("/account/manage/email")).Text, StringComparison.Ordinal);
        page = await owner.SubmitAsync(page);

        Assert.Contains($"We sent an email to {Old}", page.Text, StringComparison.Ordinal);
        (await owner.GoAsync("/account")).AssertIs("/account/login");
        (await thief.GoAsync("/account")).AssertIs("/account/login");
        (await remembered.GoAsync("/account")).AssertIs("/account/login");
        (await app.Client(Seed.Orders, Seed.OrdersSecret).RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        foreach (var password in new[] { Password, Stolen })
        {
            (await thief.SignInAsync(await thief.GoAsync("/account"), "alice", password)).AssertIs("/account/login");
        }

        (await thief.SignInAsync(await thief.GoAsync("/account/login"), passkey)).AssertIs("/account/login");
        Assert.Contains(Expired, (await thief.GoAsync(reset)).Text, StringComparison.Ordinal);
        Assert.Contains(Expired, (await thief.GoAsync(pending)).Text, StringComparison.Ordinal);
        await AssertNothingLeftAsync(app, thief, thiefsLink);

        await owner.SubmitAsync(await owner.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/reset")), ("new", Fresh));
        (await owner.GoAsync("/account")).AssertIs("/account");
        await AssertNothingLeftAsync(app, thief, thiefsLink);
        (await owner.GoAsync("/account")).AssertIs("/account");
        var history = (await owner.GoAsync("/account/manage/history")).Text;
        foreach (var text in new[]
        {
            "“This wasn’t me”: everyone was signed out", $"Email changed : {Foreign} → {Old}", "You reported: this wasn’t me",
            "Password made invalid", "A link in an email",
        })
        {
            Assert.Contains(text, history, StringComparison.Ordinal);
        }

        var subjects = new List<string>();
        while (!subjects.Exists(subject => subject.Contains("email was changed", StringComparison.Ordinal)))
        {
            subjects.Add((await thiefs.NextAsync()).Subject!);
        }
    }

    [Fact]
    public async Task A_factor_that_is_older_than_the_event_stays_and_is_asked_for_but_used_recovery_codes_do_not()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        using var passkey = new VirtualAuthenticator();
        await owner.AddPasskeyAsync(passkey);
        var (totp, codes) = await TwoStepTests.TurnOnAsync(app, owner);
        await AgeAsync(app);
        var mailbox = new Mailbox(app, Old);
        using var thief = new Browser(app);
        await thief.SubmitAsync(await thief.SignInAsync(await thief.GoAsync("/account")), ("code", codes[0]));
        var link = await mailbox.NextLinkOfAsync("A recovery code");

        var page = await owner.GoAsync(link);
        Assert.DoesNotContain("My laptop", page.Text, StringComparison.Ordinal);
        Assert.Contains("Your recovery codes stop working.", page.Text, StringComparison.Ordinal);
        await owner.SubmitAsync(page);

        using var browser = new Browser(app);
        (await browser.SignInAsync(await browser.GoAsync("/account/login"), passkey)).AssertIs("/account");
        page = await owner.SubmitAsync(await owner.GoAsync(await mailbox.NextLinkAsync("/account/reset")), ("new", Fresh));
        page = await owner.SubmitAsync(page.AssertIs("/account/code"), ("code", codes[1]));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        page = await owner.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));
        page.AssertIs("/account");
    }

    [Fact]
    public async Task An_app_that_was_connected_since_loses_its_permission()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        await thief.SubmitAsync(await thief.SignInAsync(await thief.GoAsync(AppLogin.Partner(app).Address())), ("answer", "yes"));
        using var owner = new Browser(app);
        var page = await owner.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/notme"));
        Assert.Contains("lose their access, because they got it after our email: Partner", page.Text, StringComparison.Ordinal);

        await owner.SubmitAsync(page);

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Status = 'valid'"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'consent.withdrawn' AND Reason = 'not_me'"));
    }

    [Fact]
    public async Task Of_two_requests_with_one_link_one_succeeds_and_both_say_that_the_account_is_secured()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        using var owner = new Browser(app);
        var page = await owner.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/notme"));

        var answers = await Task.WhenAll(owner.SubmitAsync(page), owner.SubmitAsync(page));

        Assert.All(answers, answer => Assert.Contains("Your account is secure", answer.Text, StringComparison.Ordinal));
        await AssertNothingLeftAsync(app, owner, page.Address);
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.secured'"));
        await app.SentAsync();
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'mail.sent' AND Reason = 'AccountSecured'"));
    }

    [Fact]
    public async Task A_link_works_for_seven_days_and_not_for_a_locked_account()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        var link = await new Mailbox(app, Old).NextLinkAsync("/account/notme");

        await app.SqlAsync("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'alice'");
        Assert.Contains(Expired, (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
        await app.SqlAsync("UPDATE Users SET DisabledAt = NULL WHERE UserName = 'alice'");
        app.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Contains(Works, (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(Expired, (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
        Assert.Contains(Expired, (await browser.GoAsync("/account/notme?token=" + new string('x', 3000))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_thiefs_own_mailbox_does_not_get_the_address_back_that_an_administrator_has_replaced()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        await thief.SignInAsync(await thief.GoAsync("/account"));
        await ChangeAddressAsync(app, thief);
        Tick(app);
        await ChangePasswordAsync(thief, Password, Stolen);
        var link = await new Mailbox(app, Foreign).NextLinkAsync("/account/notme");
        Assert.Contains(Works, (await thief.GoAsync(link)).Text, StringComparison.Ordinal);
        Tick(app);

        await app.SqlAsync($"""
            UPDATE Users SET Email = '{Old}', NormalizedEmail = '{Old.ToUpperInvariant()}' WHERE UserName = 'alice';
            INSERT INTO AuditEvents (Id, At, ActorKind, ActorId, Action, TargetKind, TargetId, IsRefused, PersonId)
            SELECT '0199A0C4-0000-7000-8000-000000000001', {app.Clock.GetUtcNow().UtcTicks}, 'Operator', 'root', 'user.email_changed', 'user', lower(Id), 0, Id
            FROM Users WHERE UserName = 'alice'
            """);

        Assert.Contains(Expired, (await thief.GoAsync(link)).Text, StringComparison.Ordinal);
        using var owner = new Browser(app);
        Assert.Contains(Works, (await owner.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/notme"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thief_who_confirms_the_address_as_another_account_is_no_administrator()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        using var other = new Browser(app);
        await thief.SignInAsync(await thief.GoAsync("/account"));
        await other.SignInAsync(await other.GoAsync("/account"), "bob", "correct-horse-birch");
        await ChangeAddressAsync(app, thief, other);

        var page = await other.GoAsync(await new Mailbox(app, Old).NextLinkOfAsync("Your AuthPlatform email was changed"));

        Assert.Contains($"email changes back to {Old}", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_another_account_has_the_address_by_now_the_account_is_locked_and_the_thief_gets_no_mail()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        await thief.SignInAsync(await thief.GoAsync("/account"));
        await ChangeAddressAsync(app, thief);
        await app.SqlAsync($"UPDATE Users SET Email = '{Old}', NormalizedEmail = '{Old.ToUpperInvariant()}' WHERE UserName = 'bob'");
        var (thiefs, owner) = (new Mailbox(app, Foreign), new Browser(app));
        await thiefs.NextAsync();

        var page = await owner.SubmitAsync(await owner.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/notme")));
        owner.Dispose();

        Assert.Contains("so your account is locked", page.Text, StringComparison.Ordinal);
        (await thief.GoAsync("/account")).AssertIs("/account/login");
        await thief.SubmitAsync(await thief.GoAsync("/account/forgot"), ("userName", Foreign));
        await thiefs.AssertEmptyAsync();
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE UserName = 'alice' AND DisabledAt IS NOT NULL AND PasswordHash IS NULL"));
    }

    [Fact]
    public async Task Links_are_limited_by_the_visitors_address()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        var page = await browser.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/notme"));
        var form = await browser.GoAsync("/account/forgot");
        for (var count = 0; count < 20; count++)
        {
            await browser.SubmitAsync(form, ("userName", "nobody"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SubmitAsync(page)).Status);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.secured'"));
    }

    private static async Task AssertNothingLeftAsync(AuthServerApp app, Browser thief, string link)
    {
        var before = await app.TextAsync("SELECT SecurityStamp FROM Users WHERE UserName = 'alice'");
        var page = await thief.GoAsync(link);
        Assert.Contains("You did this already after our email.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Old, page.Text, StringComparison.Ordinal);
        var form = await thief.GoAsync("/account/forgot");
        page = await thief.PostAsync(link, [new("form", form.FormToken)]);
        Assert.Contains("You did this already after our email.", page.Text, StringComparison.Ordinal);
        Assert.Equal(before, await app.TextAsync("SELECT SecurityStamp FROM Users WHERE UserName = 'alice'"));
        Assert.Equal(Old, await app.TextAsync("SELECT Email FROM Users WHERE UserName = 'alice'"));
        Assert.Equal(0, await app.CountAsync(
            "SELECT (SELECT COUNT(*) FROM UserPasskeys) + (SELECT COUNT(*) FROM Authenticators) + (SELECT COUNT(*) FROM RememberedBrowsers)"));
    }

    private static Task ChangePasswordAsync(Browser browser, string from, string to) =>
        SubmitAsync(browser, "/account/manage/password", ("current", from), ("new", to));

    private static async Task SubmitAsync(Browser browser, string address, params (string, string)[] fields) =>
        await browser.SubmitAsync((await browser.GoAsync(address)).AssertIs(address), fields);

    // The thief reads the owner's mailbox for a moment.
    private static async Task ChangeAddressAsync(AuthServerApp app, Browser thief, Browser? confirming = null)
    {
        confirming ??= thief;
        await SubmitAsync(thief, "/account/manage/email", ("email", Foreign));
        await confirming.SubmitAsync(await confirming.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/email")));
        await confirming.SubmitAsync(await confirming.GoAsync(await new Mailbox(app, Foreign).NextLinkAsync("/account/email")));
        Assert.Equal(Foreign, await app.TextAsync("SELECT Email FROM Users WHERE UserName = 'alice'"));
    }

    private static void Tick(AuthServerApp app) => app.Clock.Advance(TimeSpan.FromSeconds(20));

    // Passkeys have the time of the machine, not that of the app's clock.
    private static async Task AgeAsync(AuthServerApp app)
    {
        await app.SqlAsync("UPDATE UserPasskeys SET Data = json_set(Data, '$.CreatedAt', 1)");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
    }
}
