using System.Text.Json;
using AuthServer.Pruning;
using AuthServer.SupportCodes;
using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.SupportCodes;

/// <summary>What is kept under support codes is little, short-lived and never secret.</summary>
public sealed class SupportBoundsTests
{
    [Fact]
    public async Task Two_thousand_hostile_requests_leave_no_more_steps_than_the_bound()
    {
        await using var app = await AuthServerApp.StartAsync(("Support:MostSteps", "1000"));
        using var browser = new Browser(app);
        for (var request = 0; request < 2000; request++)
        {
            await browser.GoAsync("/account/nothing");
            if (request % 500 is 499)
            {
                // The limit of an address has room again, and everything is written.
                app.Clock.Advance(TimeSpan.FromMinutes(1));
                var code = Traces.CodeOn(await browser.GoAsync("/account/nothing"));
                Assert.NotEmpty(await Traces.StepsAsync(app, code));
            }
        }

        await app.StopAsync();
        Assert.InRange(await app.CountAsync("SELECT COUNT(*) FROM SupportSteps"), 500, 1000);
    }

    [Fact]
    public async Task One_address_adds_no_more_than_600_steps_a_minute()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        for (var request = 0; request < 700; request++)
        {
            await browser.GoAsync("/account/nothing");
        }

        await app.StopAsync();
        Assert.Equal(600, await app.CountAsync("SELECT COUNT(*) FROM SupportSteps"));
        Assert.Contains(app.Log, line => line.Contains("100 steps of support codes are not kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_keeps_its_first_hundred_steps()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.GoAsync("/account/login");
        for (var attempt = 0; attempt < 150; attempt++)
        {
            page = await browser.SubmitAsync(page, ("userName", "alice"));
        }

        var code = Traces.CodeOn(page);
        await app.StopAsync();

        Assert.Equal(100, await app.CountAsync("SELECT COUNT(*) FROM SupportSteps"));
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        Assert.Contains("(later steps were not kept)", (await cli.RunAsync("trace", code)).AssertOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_is_kept_for_seven_days_and_then_pruned()
    {
        await using var app = await AuthServerApp.StartAsync(("Pruning:Enabled", "false"), ("Pruning:Pause", "00:00:00"));
        using var browser = new Browser(app);
        var code = Traces.CodeOn(await browser.GoAsync("/account/nothing"));
        Assert.NotEmpty(await Traces.StepsAsync(app, code));

        app.Clock.Advance(TimeSpan.FromDays(6));
        await PruneAsync();
        Assert.NotEmpty(await Traces.StepsAsync(app, code));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await PruneAsync()).SupportSteps);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM SupportSteps"));

        async Task<PruneReport> PruneAsync()
        {
            await using var scope = app.Services.CreateAsyncScope();
            var report = new PruneReport();
            await scope.ServiceProvider.GetRequiredService<PruningRun>().RunAsync(report, TestContext.Current.CancellationToken);
            return report;
        }
    }

    [Fact]
    public async Task A_deleted_account_leaves_only_an_id()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "bob"));
        Assert.Equal("bob", Assert.Single(await Traces.StepsAsync(app, Traces.CodeOn(page))).User);
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("user", "delete", "bob", "--yes")).AssertOk();

        var output = (await cli.RunAsync("trace", Traces.CodeOn(page))).AssertOk().Output;

        Assert.DoesNotContain("bob", output, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", output, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM SupportSteps WHERE Details LIKE '%bob%' OR Details LIKE '%127.0.0.1%'"));
    }

    [Theory]
    [InlineData("Support:Retention", "00:10:00", "between 1 hour and 90 days")]
    [InlineData("Support:MostSteps", "5", "between 1000 and 5000000")]
    public async Task A_setting_out_of_range_is_refused(string key, string value, string message)
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync("user", "list", $"--{key}={value}")).AssertFailed(message);
    }

    [Fact]
    public async Task Nothing_secret_and_nothing_that_a_request_sent_is_kept_or_printed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var setup = new Browser(app);
        var (totp, recovery) = await TwoStepTests.TurnOnAsync(app, setup);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var canaries = new List<string>
        {
            "canary-password", "canary-state", "canary-nonce", "canary-hint", "canary-login-hint", "canary-secret", "canary-verifier",
            "canary-prompt", "canary-acr", "canary-mode", "canary-client", "canary-scope", "canary-code", "canary-name", "canary-page",
            "correct-horse-apple", "partner-demo-secret", partner.Challenge, recovery[0],
        };
        var codes = new List<string>();

        // A sign-in with everything that an app and a person can send.
        var address = partner.Address(
            ("state", "canary-state"), ("nonce", "canary-nonce"), ("login_hint", "canary-login-hint"), ("acr_values", "aal2 canary-acr"),
            ("scope", "openid offline_access notes.read canary-scope"), ("max_age", "77"));
        var page = await browser.SignInAsync(await browser.GoAsync(address), "canary-name", "canary-password");
        codes.Add(Traces.CodeOn(page));
        page = await browser.SubmitAsync(await browser.SignInAsync(page), ("code", "canary-code"));
        page = await browser.SubmitAsync(page, ("code", recovery[0]));
        page = await browser.GoAsync(page.AssertIs("/account/recovered").Html.Split("class=\"button\" href=\"")[1].Split('"')[0].Replace("&amp;", "&", StringComparison.Ordinal));
        page = await browser.SubmitAsync(page.AssertIs("/consent"), ("answer", "yes"));
        var code = partner.CodeOf(page);
        canaries.Add(code);
        canaries.AddRange(browser.Cookies.GetAllCookies().Select(cookie => cookie.Value));
        await partner.Client.TokenAsync(
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", partner.RedirectUri), ("code_verifier", "canary-verifier"));
        await app.Client("partner", "canary-secret").TokenAsync(("grant_type", "authorization_code"), ("code", code));
        var tokens = (await partner.RedeemAsync(code)).AssertOk();
        canaries.AddRange([tokens.AccessToken, tokens.RefreshToken, tokens["id_token"]!]);
        await partner.RedeemAsync(code);
        canaries.Add(totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime));

        // Wrong requests, with the secret in every place.
        foreach (var (name, value) in new[]
        {
            ("id_token_hint", "canary-hint"), ("prompt", "canary-prompt"), ("response_mode", "canary-mode"), ("client_id", "canary-client"),
            ("redirect_uri", "https://evil.example/canary-page"), ("code_challenge_method", "canary-code"), ("request_uri", "canary-secret"),
            ("scope", tokens.RefreshToken), ("max_age", "canary-acr"), ("response_type", "canary-mode"), ("claims", "canary-hint"),
        })
        {
            foreach (var target in new[] { partner.RedirectUri, "https://evil.example/canary-page" })
            {
                page = await browser.GoAsync(partner.Address(("redirect_uri", target), (name, value)));
                if (page.Location is null && page.Text.Contains("Support code:", StringComparison.Ordinal))
                {
                    codes.Add(Traces.CodeOn(page));
                }
            }
        }

        page = await browser.GoAsync($"/connect/endsession?id_token_hint=canary-hint&post_logout_redirect_uri=https://evil.example/canary-page&state=canary-state");
        codes.Add(Traces.CodeOn(page));
        page = await browser.GoAsync("/account/canary-page?token=canary-secret");
        codes.Add(Traces.CodeOn(page));
        page = await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "canary-name"));
        codes.Add(Traces.CodeOn(page));
        await app.StopAsync();

        Assert.True(codes.Distinct().Count() > 10, $"only {codes.Distinct().Count()} codes");
        var rows = JsonSerializer.Serialize(await RowsAsync(app));
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var printed = "";
        foreach (var support in codes.Take(2).Concat(codes.TakeLast(2)).Distinct())
        {
            printed += (await cli.RunAsync("trace", support)).AssertOk().Output + (await cli.RunAsync("trace", support, "--json")).AssertOk().Output;
        }

        Assert.Contains("tokens.refused", printed, StringComparison.Ordinal);
        Assert.Contains("max_age=77 acr=aal2", printed, StringComparison.Ordinal);
        foreach (var canary in canaries.Where(canary => canary.Length > 0))
        {
            Assert.DoesNotContain(canary, rows, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(canary, printed, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("7K2Q-M4XA", "7K2QM4XA")]
    [InlineData(" 7k2q m4xa ", "7K2QM4XA")]
    [InlineData("OIL0-0000", "01100000")]
    [InlineData("7K2Q-M4X", null)]
    [InlineData("7K2Q-M4XAA", null)]
    [InlineData("7K2Q-M4XU", null)]
    [InlineData("７K2Q-M4XA", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_code_is_read_as_people_say_it(string? text, string? expected) => Assert.Equal(expected, SupportCode.Parse(text));

    private static async Task<List<string>> RowsAsync(AuthServerApp app)
    {
        var rows = new List<string>();
        var count = await app.CountAsync("SELECT COUNT(*) FROM SupportSteps");
        for (var row = 0; row < count; row++)
        {
            rows.Add(await app.TextAsync(
                $"SELECT Code || ' ' || Step || ' ' || ifnull(Reason, '') || ' ' || ifnull(Details, '') || ' ' || ifnull(TraceId, '') || ' ' || ifnull(ClientId, '') "
                + $"FROM SupportSteps ORDER BY Id LIMIT 1 OFFSET {row}"));
        }

        return rows;
    }
}
