using System.Net;
using System.Runtime.Versioning;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>SampleClient as a process: what it writes to the log and to the disk, and how it ends.</summary>
[Collection(OneAtATime.Name)]
public sealed class AppProcessTests(Platform platform)
{
    [Fact]
    public async Task No_setting_gets_a_token_or_a_password_into_the_log()
    {
        string[] sources =
        [
            "Microsoft", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Hosting.Diagnostics",
            "Microsoft.AspNetCore.Mvc.ModelBinding",
            "Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageActionInvoker", "OpenIddict", "OpenIddict.Client",
            "OpenIddict.Client.OpenIddictClientDispatcher", "Polly", "System", "System.Net.Http", "System.Net.Http.HttpClient",
        ];
        await using var app = await LoneApp.StartedAsync(
        [
            ("Issuer:Authority", platform.AuthServer.Address.ToString()),
            ("Serilog:MinimumLevel:Default", "Verbose"),
            .. sources.Select(source => ($"Serilog:MinimumLevel:Override:{source}", "Verbose")),
        ]);

        // App:Scopes keeps its default, which asks for a refresh token.
        using var signedIn = await app.SignInAsync("alice");
        using var strange = await app.GetAsync("/account/start?returnUrl=query-of-mine");
        await app.Program.StopAsync();

        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Contains("/account/start", app.Program.Log, StringComparison.Ordinal);
        Assert.All(
            ["eyJ", "correct-horse", "-demo-secret", "query-of-mine", "Lone.Session=", "Lone.Antiforgery="],
            secret => Assert.DoesNotContain(secret, app.Program.Log, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_path_with_line_breaks_does_not_begin_a_new_log_line(string environment)
    {
        await using var app = await LoneApp.StartedAsync(("ASPNETCORE_ENVIRONMENT", environment));

        using var answer = await app.GetAsync("/a%0AERR%20forged%0D%0AERR%20forged%1B%5B2J");
        await app.Program.StopAsync();

        Assert.Contains(
            "/a",
            Assert.Single(app.Program.Log.Split('\n'), line => line.Contains("forged", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', app.Program.Log);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Created_files_are_accessible_to_the_apps_own_account_only()
    {
        await using var app = await LoneApp.StartedAsync();
        using var page = await app.GetAsync("/account/password");

        Assert.All(["", "keys"], name => Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(app.Data, name))));
    }

    [Theory]
    [InlineData("App:Name", "")]
    [InlineData("App:Name", "two words")]
    [InlineData("App:Scopes", "profile email")]
    [InlineData("App:AllowPlainHttpCookies", "maybe")]
    [InlineData("Api:BaseAddress", "api")]
    [InlineData("Api:BaseAddress", "http://api.example.test")]
    [InlineData("Api:BaseAddress", "http://[2001:db8::1]")]
    [InlineData("Proxies:KnownProxies", "nginx")]
    [InlineData("Proxies:KnownNetworks", "0.0.0.0/0")]
    [InlineData("Proxies:ForwardLimit", "0")]
    [InlineData("Issuer:SignInTimeLimit", "00:00:00")]
    [InlineData("Throttling:SignInsPerAddress", "0")]
    [InlineData("Throttling:SignInsPerAddress", "many")]
    public async Task A_wrong_setting_is_named_and_ends_the_program(string key, string value)
    {
        await using var app = new LoneApp((key, value));
        app.Program.Start();

        Assert.Equal(1, await app.Program.ExitCodeAsync());
        Assert.Contains(key, app.Program.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Program.Log, StringComparison.Ordinal);
    }

    /// <summary>Milliseconds after it has read its settings: while the server starts, and later.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(600)]
    public async Task A_stop_at_any_time_is_not_reported_as_a_fault(int delay)
    {
        await using var app = new LoneApp();
        app.Program.Start();
        for (var patience = 10_000; patience > 0 && !Directory.Exists(app.Data); patience--)
        {
            await Task.Delay(1);
        }

        await Task.Delay(delay);

        // 143: the program does not handle the signal yet, so the runtime ends it.
        Assert.True(await app.Program.StopAsync() is 0 or 143, app.Program.Log);
        Assert.DoesNotContain("   at ", app.Program.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", app.Program.Log, StringComparison.Ordinal);
    }
}
