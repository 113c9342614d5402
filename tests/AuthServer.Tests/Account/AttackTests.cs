using System.Net;
using AuthServer.Clients;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Account;

/// <summary>Attacks on these pages.</summary>
public sealed class AttackTests
{
    [Fact]
    public async Task The_right_password_does_not_reset_the_count_of_wrong_codes()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var owner = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, owner);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var thief = new Browser(app);
        for (var round = 0; round < 4; round++)
        {
            var page = await thief.SignInAsync(await thief.GoAsync("/account/login"));
            for (var count = 0; count < 3 && page.Path is "/account/code"; count++)
            {
                page = await thief.SubmitAsync(page, ("code", "000000"));
            }
        }

        // Twelve codes were wrong, and ten lock the account. Now neither the right code nor the password helps.
        Assert.Equal(HttpStatusCode.BadRequest, (await thief.SignInAsync(await thief.GoAsync("/account/login"))).Status);
        Assert.NotEmpty(totp.ComputeTotp());
    }

    [Fact]
    public async Task A_password_alone_removes_no_second_factor_and_its_sign_in_ends_when_one_is_set_up()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        var form = await thief.SignInAsync(await thief.GoAsync("/account/manage/authenticator"));
        using var owner = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, owner);

        (await thief.SubmitAsync(form, ("action", "remove"))).AssertIs("/account/login");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE UserName = 'alice' AND TwoFactorEnabled"));

        // A remembered browser, which needs no code to sign in, cannot do this either.
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var remembered = new Browser(app);
        var page = await remembered.SignInAsync(await remembered.GoAsync("/account"));
        await remembered.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)), ("rememberBrowser", "true"));
        await remembered.SubmitAsync(await remembered.GoAsync("/account/logout"));
        (await remembered.SignInAsync(await remembered.GoAsync("/account/manage/authenticator"))).AssertIs("/account/code");
    }

    [Fact]
    public async Task A_remembered_browser_is_forgotten_with_the_authenticator()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, owner);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var other = new Browser(app);
        await other.SubmitAsync(
            await other.SignInAsync(await other.GoAsync("/account")), ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)),
            ("rememberBrowser", "true"));
        await owner.SubmitAsync(await owner.GoAsync("/account/manage/authenticator"), ("action", "remove"));
        await TwoStepTests.TurnOnAsync(app, owner);

        (await other.SignInAsync(await other.GoAsync("/account/login"))).AssertIs("/account/code");
    }

    [Fact]
    public async Task A_copy_of_an_earlier_cookie_does_not_profit_from_a_later_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        await owner.SignInAsync(await owner.GoAsync("/account"));
        using var thief = new Browser(app);
        thief.Cookies.Add(
            app.Http.BaseAddress!, new Cookie("AuthServer.Session", owner.Cookies.GetAllCookies()["AuthServer.Session"]!.Value));
        (await thief.GoAsync("/account")).AssertIs("/account");

        await owner.SignInAsync(await owner.GoAsync("/account/login"));

        (await owner.GoAsync("/account")).AssertIs("/account");
        (await thief.GoAsync("/account")).AssertIs("/account/login");
    }

    [Fact]
    public async Task A_code_alone_does_not_renew_the_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        var page = await browser.GoAsync("/account/code?returnUrl=/account/manage/authenticator");

        page = await browser.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));

        page.AssertIs("/account/login");
    }

    [Fact]
    public async Task The_password_grant_refuses_a_user_who_has_a_second_factor()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await TwoStepTests.TurnOnAsync(app, browser);

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_form_of_another_site_does_not_sign_the_user_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        using var attacker = new Browser(app);
        using var direct =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Http.BaseAddress };
        var kept = (await direct.GetAsync(new Uri("/connect/endsession", UriKind.Relative))).Headers.Location!.PathAndQuery;

        // A cross-site form comes without the Lax cookie.
        using var form = new FormUrlEncodedContent([]);
        var answer = await direct.PostAsync(new Uri(kept, UriKind.Relative), form);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
        (await browser.GoAsync("/account")).AssertIs("/account");
    }

    [Fact]
    public async Task A_used_link_does_not_change_the_address_again_after_the_change_was_undone()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(
            await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", "thief@example.test"));
        await browser.SubmitAsync(await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/email")));
        var link = await new Mailbox(app, "thief@example.test").NextLinkAsync("/account/email");
        await browser.SubmitAsync(await browser.GoAsync(link));
        (await browser.GoAsync("/account")).AssertIs("/account");

        await app.SqlAsync(
            "UPDATE Users SET Email = 'alice@example.test', NormalizedEmail = 'ALICE@EXAMPLE.TEST' WHERE UserName = 'alice'");

        Assert.Contains("does not work any more", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_a_mail_cannot_send_dozens_of_mails()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(
            await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", "victim@example.test"));
        var page = await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/email"));
        var statuses = new List<HttpStatusCode>();
        for (var count = 0; count < 5; count++)
        {
            statuses.Add((await browser.SubmitAsync(page)).Status);
        }

        Assert.Equal(2, statuses.Count(status => status is HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_spent_code_used_by_another_client_ends_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var code = await orders.CodeAsync(browser);
        var answer = (await orders.RedeemAsync(code)).AssertOk();

        (await reports.RedeemAsync(code)).AssertRefused("invalid_grant");

        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task An_address_can_store_neither_thousands_of_requests_nor_long_ones()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:AuthorizationRequestsPerAddress", "5"));
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var last = HttpStatusCode.OK;
        for (var count = 0; count < 6; count++)
        {
            last = (await browser.GoAsync(orders.Address())).Status;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters(("state", new string('x', 9000))));
        pushed.AssertRefused("invalid_request");
    }

    [Fact]
    public async Task A_page_does_not_show_text_from_its_address()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));

        Assert.DoesNotContain("1-800", (await browser.GoAsync("/account?done=Done!+Call+1-800-555")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "has been changed",
            (await browser.GoAsync("/account/manage/password?done=DonePasswordChanged")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_used_registration_link_costs_no_hash_and_signs_nobody_in()
    {
        await using var app = await AuthServerApp.StartAsync(("Passwords:MaxConcurrentHashes", "1"));
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", "carol@example.test"));
        var form = await browser.GoAsync(await new Mailbox(app, "carol@example.test").NextLinkAsync());
        using var other = new Browser(app);
        var anonymous = await other.GoAsync(form.Address);
        (await browser.SubmitAsync(form, ("displayName", "Carol"), ("new", "staple-battery-plum"))).AssertIs("/account");

        var pages = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => other.SubmitAsync(anonymous, ("displayName", "M"), ("new", "another-battery-plum"))));

        Assert.All(pages, page => Assert.Contains("There is an account with this address", page.Text, StringComparison.Ordinal));
        (await other.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE NormalizedEmail = 'CAROL@EXAMPLE.TEST'"));
    }

    [Theory]
    [InlineData("/device?user_code=1111-2222-3333")]
    [InlineData("/connect/authorize?client_id=orders&state=LONG")]
    public async Task A_mail_to_another_person_does_not_lead_to_a_page_of_the_senders_choice_and_stays_short(string target)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var attacker = new Browser(app);
        using var browser = new Browser(app);
        var mailbox = new Mailbox(app, "alice@example.test");
        var form = await attacker.GoAsync("/account/forgot");

        await attacker.SubmitAsync(
            form, ("userName", "alice"), ("returnUrl", target.Replace("LONG", new string('x', 7000), StringComparison.Ordinal)));

        var link = await mailbox.NextLinkAsync();
        Assert.InRange(link.Length, 1, 2000);
        (await browser.SubmitAsync(await browser.GoAsync(link), ("new", "staple-battery-plum"))).AssertIs("/account");
    }

    [Fact]
    public async Task The_strength_of_any_password_is_computed_quickly()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var token = (await browser.GoAsync("/account/login")).FormToken;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        foreach (var (name, password) in new[] { (30_000, 60_000), (256, 60_000), (30_000, 1024), (256, 1024) })
        {
            await browser.PostAsync(
                "/account/strength",
                [new("form", token), new("userName", new string('a', name - 1) + "é"), new("password", new string('a', password))]);
        }

        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task Mails_of_one_kind_leave_room_for_those_of_another()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        var mailbox = new Mailbox(app, "alice@example.test");
        var form = await thief.GoAsync("/account/register");
        for (var count = 0; count < 5; count++)
        {
            await thief.SubmitAsync(form, ("email", "alice@example.test"));
        }

        await thief.SubmitAsync(await thief.GoAsync("/account/forgot"), ("userName", "alice"));

        Assert.StartsWith("/account/reset", await mailbox.NextLinkAsync("/account/reset"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_ins_on_new_devices_do_not_flood_the_mailbox()
    {
        await using var app = await AuthServerApp.StartAsync();
        var mailbox = new Mailbox(app, "alice@example.test");
        for (var count = 0; count < 6; count++)
        {
            using var thief = new Browser(app);
            await thief.SignInAsync(await thief.GoAsync("/account"));
        }

        for (var count = 0; count < 3; count++)
        {
            Assert.StartsWith("New sign-in", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        }

        await mailbox.AssertEmptyAsync();
    }

    [Fact]
    public async Task No_page_leads_to_a_disabled_app()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        Assert.Contains("Go on to Orders", (await browser.GoAsync("/account?client_id=orders")).Text, StringComparison.Ordinal);

        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("client", "disable", Seed.Orders)).AssertOk();
        app.Clock.Advance(ClientCache.Lifetime);

        Assert.DoesNotContain("Orders", (await browser.GoAsync("/account?client_id=orders")).Text, StringComparison.Ordinal);
    }
}
