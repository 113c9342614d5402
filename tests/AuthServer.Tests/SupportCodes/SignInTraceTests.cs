using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.SupportCodes;

/// <summary>A person reads one code aloud, and the operator sees each step of the sign-in, what was decided and why.</summary>
public sealed class SignInTraceTests
{
    [Fact]
    public async Task Each_step_of_a_sign_in_is_under_the_code_that_the_person_sees()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var setup = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, setup);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);

        var page = await browser.SignInAsync(
            await browser.GoAsync(partner.Address(("prompt", "login"), ("scope", "openid notes.read"))), password: "wrong");
        var code = Traces.CodeOn(page);
        page = await browser.SubmitAsync((await browser.SignInAsync(page)).AssertIs("/account/code"), ("code", "000000"));
        Assert.Equal(code, Traces.CodeOn(page));
        page = await browser.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));
        page = await browser.SubmitAsync(page.AssertIs("/consent"), ("answer", "yes"));
        (await partner.RedeemAsync(partner.CodeOf(page))).AssertOk();

        var steps = await Traces.StepsAsync(app, code, 11);
        Assert.Equal(
            [
                "sign_in.asked nobody_signed_in", "sign_in.refused wrong_password", "factor.asked first_of_two", "sign_in.refused wrong_code",
                "mail.written NewDevice", "sign_in.passed", "consent.asked not_given", "mail.written AppConnected", "consent.given",
                "code.issued", "tokens.issued",
            ],
            Traces.Short(steps));
        Assert.All(steps, row => Assert.Equal(("partner", 32), (row.Step.ClientId, row.Step.TraceId?.Length)));
        Assert.Equal([null, "alice"], steps.Select(row => row.User).Distinct());
        Assert.Equal("prompt=login", steps[0].Step.Details);
        Assert.Equal("pwd otp mfa", steps[5].Step.Details);
        Assert.Equal("openid notes.read", steps[9].Step.Details);
        Assert.Equal(steps[9].Step.SessionId, steps[10].Step.SessionId);
        Assert.True(steps.Zip(steps.Skip(1)).All(pair => pair.First.Step.At < pair.Second.Step.At), "two steps have the same instant");

        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var output = (await cli.RunAsync("trace", code.ToLowerInvariant().Replace('-', ' '))).AssertOk().Output;
        Assert.Contains("The login page was shown: nobody was signed in in this browser: prompt=login", output, StringComparison.Ordinal);
        Assert.Contains("The password is wrong.", output, StringComparison.Ordinal);
        Assert.Contains("The app redeemed the code and got tokens", output, StringComparison.Ordinal);
        Assert.Contains("In the audit:", output, StringComparison.Ordinal);
        Assert.Contains("sign_in.passed", output.Split("In the audit:")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_is_spread_over_two_nodes_has_one_code()
    {
        await using var app = await AuthServerApp.WithSecondNodeAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var page = await browser.SignInAsync(await browser.GoAsync(orders.Address()), password: "wrong");
        var code = Traces.CodeOn(page);
        page = await browser.SignInAsync(page, password: "wrong");
        Assert.Equal(code, Traces.CodeOn(page));
        (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page)))).AssertOk();

        Assert.Equal(
            ["code.issued", "mail.written", "sign_in.asked", "sign_in.passed", "sign_in.refused", "sign_in.refused", "tokens.issued"],
            (await Traces.StepsAsync(app, code, 7)).Select(row => row.Step.Step).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_sign_in_has_another_code_even_in_the_same_browser()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var one = Traces.CodeOn(await browser.SignInAsync(await browser.GoAsync(AppLogin.Orders(app).Address()), password: "wrong"));
        var other = Traces.CodeOn(await browser.SignInAsync(await browser.GoAsync(AppLogin.Orders(app).Address()), password: "wrong"));

        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task Without_an_app_the_forms_of_a_browser_share_a_code_for_half_an_hour()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/login"), password: "wrong");
        var code = Traces.CodeOn(page);

        page = await browser.SignInAsync(page, password: "wrong");
        Assert.Equal(code, Traces.CodeOn(page));
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        page = await browser.SignInAsync(page, password: "wrong");
        Assert.NotEqual(code, Traces.CodeOn(page));

        Assert.Equal(["sign_in.refused wrong_password", "sign_in.refused wrong_password"], Traces.Short(await Traces.StepsAsync(app, code, 2)));
    }

    [Fact]
    public async Task Nobody_can_add_steps_to_a_code_by_a_cookie_of_their_own()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var victim = new Browser(app);
        var code = Traces.CodeOn(await victim.SignInAsync(await victim.GoAsync("/account/login"), password: "wrong"));
        using var attacker = new Browser(app);
        attacker.Cookies.Add(app.Http.BaseAddress!, new System.Net.Cookie("AuthServer.Support", code));

        var page = await attacker.SignInAsync(await attacker.GoAsync("/account/login"), password: "wrong");

        Assert.NotEqual(code, Traces.CodeOn(page));
    }

    [Theory]
    [InlineData("again", "tokens.refused code_reused")]
    [InlineData("verifier", "tokens.refused invalid_grant")]
    [InlineData("late", "tokens.refused invalid_grant")]
    public async Task A_code_that_gets_no_tokens_says_why(string how, string expected)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.SignInAsync(await browser.GoAsync(orders.Address()), password: "wrong");
        var support = Traces.CodeOn(page);
        var code = orders.CodeOf(await browser.SignInAsync(page));
        switch (how)
        {
            case "again":
                (await orders.RedeemAsync(code)).AssertOk();
                break;
            case "late":
                app.Clock.Advance(TimeSpan.FromHours(1));
                break;
        }

        var answer = await (how is "verifier" ? AppLogin.Orders(app) : orders).RedeemAsync(code);

        Assert.Equal("invalid_grant", answer["error"]);
        Assert.Equal(expected, Traces.Short(await Traces.StepsAsync(app, support, how is "again" ? 7 : 6)).Last());
    }

    [Fact]
    public async Task A_silent_request_and_a_refresh_add_no_step()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.SignInAsync(await browser.GoAsync(orders.Address()), password: "wrong");
        var support = Traces.CodeOn(page);
        var tokens = (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page)))).AssertOk();
        await Traces.StepsAsync(app, support, 6);
        var before = await app.CountAsync("SELECT COUNT(*) FROM SupportSteps");

        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertAt(orders.RedirectUri);
        (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
        await app.StopAsync();

        Assert.Equal(before, await app.CountAsync("SELECT COUNT(*) FROM SupportSteps"));
    }

    [Fact]
    public async Task A_device_that_a_person_lets_in_is_under_the_code_of_the_page()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var waiting = (await console.PostAsync("/connect/device", ("scope", "openid"))).AssertOk();
        var page = await browser.SignInAsync(await browser.GoAsync("/device?user_code=" + waiting["user_code"]), password: "wrong");
        var support = Traces.CodeOn(page);
        await browser.SubmitAsync(await browser.SignInAsync(page), ("answer", "yes"));
        (await console.TokenAsync(
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", waiting["device_code"]!))).AssertOk();

        var steps = (await Traces.StepsAsync(app, support, 6)).Select(row => row.Step.Step).ToList();

        Assert.Equal(["code.issued", "tokens.issued"], steps.Where(step => step is "code.issued" or "tokens.issued"));
    }
}
