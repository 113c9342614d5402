using AuthServer.Clients;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Account;

/// <summary>Attacks on what pages show and compute.</summary>
public sealed class PageAttackTests
{
    [Fact]
    public async Task A_page_does_not_show_text_from_its_address()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));

        Assert.DoesNotContain("1-800", (await browser.GoAsync("/account?done=Done!+Call+1-800-555")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "was changed",
            (await browser.GoAsync("/account/manage/password?done=DonePasswordChanged")).Text,
            StringComparison.Ordinal);
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
                [
                    new("form", token),
                    new("userName", new string('a', name - 1) + "é"),
                    new("password", new string('a', password)),
                ]);
        }

        // It once took half a minute. A busy machine may take a few seconds.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task No_page_leads_to_a_disabled_app()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        Assert.Contains("Continue to Orders", (await browser.GoAsync("/account?client_id=orders")).Text, StringComparison.Ordinal);

        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("client", "disable", Seed.Orders)).AssertOk();
        app.Clock.Advance(ClientCache.Lifetime);

        Assert.DoesNotContain("Orders", (await browser.GoAsync("/account?client_id=orders")).Text, StringComparison.Ordinal);
    }
}
