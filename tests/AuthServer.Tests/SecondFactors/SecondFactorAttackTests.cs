using System.Net;
using AuthServer.Tests.Account;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.SecondFactors;

/// <summary>Attacks by somebody who knows the password but has no second factor.</summary>
public sealed class SecondFactorAttackTests
{
    [Fact]
    public async Task The_right_password_does_not_reset_the_count_of_wrong_codes()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var owner = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, owner);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var thief = new Browser(app);
        var page = await thief.SignInAsync(await thief.GoAsync("/account/login"));
        for (var wrong = 1; wrong <= 10; wrong++)
        {
            page = await thief.SubmitAsync(page, ("code", "000000"));
            if (wrong % 3 is 0)
            {
                page = await thief.SignInAsync(await thief.GoAsync("/account/login"));
            }
        }

        // Ten wrong codes lock the account. Now neither the right code nor the right password helps.
        page = await thief.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        (await thief.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal(HttpStatusCode.BadRequest, (await thief.SignInAsync(await thief.GoAsync("/account/login"))).Status);
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
            await other.SignInAsync(await other.GoAsync("/account")),
            ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)),
            ("rememberBrowser", "true"));
        await owner.SubmitAsync(await owner.GoAsync("/account/manage/authenticator"), ("action", "remove"));
        await TwoStepTests.TurnOnAsync(app, owner);

        (await other.SignInAsync(await other.GoAsync("/account/login"))).AssertIs("/account/code");
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
}
