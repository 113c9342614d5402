using System.Diagnostics;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>The programs of <c>docs/integrate.md</c> and of the README's chapter for APIs, as they stand in <c>docs/snippets</c>.</summary>
[Collection(OneAtATime.Name)]
public sealed class SnippetsTests(Platform platform, Chromium chromium)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Each_does_what_the_documentation_says()
    {
        var (exitCode, output) = await RunAsync(Path.Combine(Repository.Snippets, "check.sh"), $"{platform.Snippet.Address.Port}");

        Assert.True(exitCode is 0, output);
        foreach (var program in Directory.GetFiles(Repository.Snippets, "*.cs").Select(Path.GetFileName))
        {
            Assert.Contains($"{program}\n  ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_single_page_app_works_in_a_browser_whose_scripts_see_no_token()
    {
        var dll = Repository.Built("aspnetcore-spa");
        var (exitCode, output) = await RunAsync("dotnet", "build", "aspnetcore-spa.cs", "-o", Path.GetDirectoryName(dll)!);
        Assert.True(exitCode is 0, output);
        platform.Snippet.Start();
        try
        {
            var page = await OpenAsync();
            await page.ClickAsync("text=Sign in");
            await page.EnterAsync("alice", "correct-horse-apple");
            await page.SeesAsync("Alice Ahn");
            var status = await page.EvaluateAsync<int>(
                "async () => (await fetch('/bff/api/notes', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{\"title\":\"Of the snippet\"}' })).status");
            Assert.Equal(201, status);
            await page.ReloadAsync();
            await page.SeesAsync("Of the snippet");
            var cookie = Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name.StartsWith("__Host-Spa", StringComparison.Ordinal));
            Assert.Equal((true, true, SameSiteAttribute.Strict), (cookie.HttpOnly, cookie.Secure, cookie.SameSite));
            Assert.Equal("", await page.EvaluateAsync<string>("() => document.cookie + JSON.stringify([localStorage, sessionStorage]).replace('[{},{}]', '')"));
            await page.ClickAsync("text=Sign out");
            await page.SeesAsync("Sign in");
        }
        finally
        {
            await platform.Snippet.KillAsync();
        }
    }

    // It says nothing about being ready.
    private async Task<IPage> OpenAsync()
    {
        for (var patience = 100; ; patience--)
        {
            try
            {
                return await chromium.VisitAsync(platform.Snippet.Address);
            }
            catch (PlaywrightException) when (patience > 0)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Snippets,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ISSUER"] = platform.AuthServer.Address.ToString(), ["API"] = platform.Api.Address.ToString().TrimEnd('/') },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await errors);
    }
}
