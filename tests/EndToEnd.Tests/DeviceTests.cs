using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>RFC 8628: SampleClient signs a user in from a console, and the user allows or denies it in a browser.</summary>
[Collection(OneAtATime.Name)]
public sealed partial class DeviceTests(Platform platform, Chromium chromium)
{
    [Theory]
    [MemberData(nameof(Walk.Views), MemberType = typeof(Walk))]
    public async Task A_user_allows_one_console_and_denies_the_other_and_each_reports_it(string language, int width)
    {
        await using var let = Started();
        await using var refused = Started();
        var walk = await Walk.StartAsync(chromium, platform.AuthServer.Address, "device", language, width);

        await walk.Page.GotoAsync(await AddressAsync(let));
        await walk.SignInAsync();
        await walk.SeesAsync("DeviceQuestion", "Terminal");
        await walk.PressAsync("Allow");
        await walk.SeesAsync("DeviceConnected");

        await walk.Page.GotoAsync("/device");
        await walk.SeesAsync("ConnectDeviceText");
        await walk.FillAsync("DeviceCode", await UserCodeAsync(refused));
        await walk.PressAsync("Continue");
        await walk.PressAsync("Deny");
        await walk.SeesAsync("DeviceDenied");

        Assert.True(await let.ExitCodeAsync() is 0, let.Log);
        Assert.Contains($"Signed in as {walk.Name}.", let.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", let.Log, StringComparison.Ordinal);
        await AssertEndsAsync(refused, 1, "The user refused.");
    }

    [Fact]
    public async Task The_login_server_may_be_away_while_the_console_waits()
    {
        await using var console = Started();
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await page.GotoAsync(await AddressAsync(console));
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Sign in to Terminal on your device?");
        await platform.AuthServer.KillAsync();
        try
        {
            // Longer than the polling interval.
            await Task.Delay(TimeSpan.FromSeconds(7));
        }
        finally
        {
            await platform.AuthServer.StartAsync();
        }

        await page.PressAsync("Allow");

        Assert.True(await console.ExitCodeAsync() is 0, console.Log);
    }

    [Fact]
    public async Task Section_3_5_The_console_polls_at_the_interval_slower_after_slow_down_until_the_code_expires()
    {
        using var issuer = new FakeIssuer { DeviceErrors = ["authorization_pending", "slow_down", "expired_token"] };
        await using var console = Started(issuer);

        await AssertEndsAsync(console, 1, "Start again for a new code.");

        DateTimeOffset[] polls = [.. issuer.Polls];
        Assert.Equal(3, polls.Length);
        Assert.True(polls[1] - polls[0] >= TimeSpan.FromSeconds(.9), $"{polls[1] - polls[0]} after the first");
        Assert.True(polls[2] - polls[1] >= TimeSpan.FromSeconds(5.9), $"{polls[2] - polls[1]} after slow_down");
    }

    [Fact]
    public async Task The_console_stops_by_itself_when_the_code_has_expired()
    {
        using var issuer = new FakeIssuer { DeviceCodeLifetime = 3 };
        await using var console = Started(issuer);

        await AssertEndsAsync(console, 1, "Start again for a new code.");

        Assert.InRange(issuer.Polls.Count, 1, 4);
    }

    [Fact]
    public async Task A_login_server_that_is_away_is_not_reported_as_a_wrong_setting()
    {
        await using var console = Started(("Issuer:Authority", "http://localhost:1"));

        await AssertEndsAsync(console, 1, "The login server does not answer as it should.");
    }

    [Theory]
    [InlineData("Device:ClientId", "", "Device:ClientId")]
    [InlineData("Device:Scopes", "profile", "Device:Scopes")]
    [InlineData("Issuer:Authority", "login", "Issuer:Authority")]
    [InlineData("Api:BaseAddress", "api", "Api:BaseAddress")]
    [InlineData("Device:ClientId", "nobody", "does not accept Device:ClientId")]
    [InlineData("Device:ClientId", "orders", "does not accept Device:ClientId")]
    public async Task A_wrong_setting_is_reported(string key, string value, string words)
    {
        await using var console = Started((key, value));

        await AssertEndsAsync(console, 2, words);
    }

    [Fact]
    public async Task The_console_reports_that_the_API_is_away()
    {
        await using var console = Started(("Api:BaseAddress", "http://localhost:1"));
        using var browser = new HttpBrowser();
        var question = await browser.SubmitAsync(
            await browser.FollowAsync(await browser.GetAsync(new Uri(await AddressAsync(console)))),
            null,
            ("userName", "alice"),
            ("password", "correct-horse-apple"));
        await browser.SubmitAsync(
            await browser.FollowAsync(question), "/device", ("user_code", await UserCodeAsync(console)), ("answer", "yes"));

        await AssertEndsAsync(console, 1, "The API does not answer as it should");
    }

    private static async Task AssertEndsAsync(RunningProgram console, int code, string words)
    {
        var actual = await console.ExitCodeAsync();
        Assert.True(actual == code, $"{actual}: {console.Log}");
        Assert.Contains(words, console.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", console.Log, StringComparison.Ordinal);
    }

    private RunningProgram Started(FakeIssuer issuer) => Started(("Issuer:Authority", issuer.Address), ("Device:ClientId", "orders"));

    private RunningProgram Started(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["Device:ClientId"] = "terminal",
            ["Issuer:Authority"] = platform.AuthServer.Address.ToString(),
            ["Api:BaseAddress"] = platform.Api.Address.ToString(),
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var console = new RunningProgram("SampleClient", all, arguments: ["device"]);
        console.Start();
        return console;
    }

    /// <summary>The address that the console tells the user to open.</summary>
    private static async Task<string> AddressAsync(RunningProgram console)
    {
        for (var patience = 600; patience > 0; patience--)
        {
            if (Complete().Match(console.Log) is { Success: true } match)
            {
                return match.Value;
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"no address: {console.Log}");
    }

    private static async Task<string> UserCodeAsync(RunningProgram console) => (await AddressAsync(console)).Split('=')[1];

    [GeneratedRegex(@"http\S+user_code=[0-9-]+")]
    private static partial Regex Complete();
}
