using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using EndToEnd.Tests.OtherStacks;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;
using Rig;

namespace EndToEnd.Tests;

/// <summary>The programs of <c>docs/integrate.md</c> and <c>docs/apis.md</c>, whose code is in <c>docs/snippets</c>.</summary>
[Collection(OneAtATime.Name)]
public sealed partial class SnippetsTests(Platform platform, Chromium chromium)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Each_program_does_what_the_documentation_says()
    {
        var (exitCode, output) = await RunAsync(Path.Combine(Repository.Snippets, "check.sh"), $"{platform.Snippet.Address.Port}");

        Assert.True(exitCode is 0, output);
        string[] others = ["node/api.mjs", "node/webapp.mjs", "django/api.py", "django/webapp.py"];
        foreach (var program in Directory.GetFiles(Repository.Snippets, "*.cs").Select(Path.GetFileName).Concat(others))
        {
            Assert.Contains($"{program}\n  ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_single_page_app_works_in_a_browser_whose_scripts_see_no_token()
    {
        var dll = Built.Program("aspnetcore-spa");
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
                "async () => (await fetch('/bff/api/notes', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': "
                + "'application/json' }, body: '{\"title\":\"Of the snippet\"}' })).status");
            Assert.Equal(201, status);
            await page.ReloadAsync();
            await page.SeesAsync("Of the snippet");
            var cookie = Assert.Single(
                await page.Context.CookiesAsync(), cookie => cookie.Name.StartsWith("__Host-Spa", StringComparison.Ordinal));
            Assert.Equal((true, true, SameSiteAttribute.Strict), (cookie.HttpOnly, cookie.Secure, cookie.SameSite));
            Assert.Equal("", await page.EvaluateAsync<string>(
                "() => document.cookie + JSON.stringify([localStorage, sessionStorage]).replace('[{},{}]', '')"));
            await page.ClickAsync("text=Sign out");
            await page.SeesAsync("Sign in");
        }
        finally
        {
            await platform.Snippet.KillAsync();
        }
    }

    [Theory]
    [InlineData("integrate.md", "csharp")]
    [InlineData("integrate.md", "js")]
    [InlineData("integrate.md", "python")]
    [InlineData("integrate.md", "go")]
    [InlineData("apis.md", "csharp")]
    [InlineData("apis.md", "python")]
    public void Each_code_block_of_the_guide_is_part_of_its_program(string page, string language)
    {
        var program = "";
        var blocks = Documentation.Blocks(page, language);
        Assert.NotEmpty(blocks);
        foreach (var (before, code) in blocks)
        {
            // The program is the last one that the page links to before the block.
            program = Link().Matches(before) is [.., var last]
                ? File.ReadAllText(Path.Combine(Repository.Snippets, last.Groups["file"].Value))
                : program;
            Assert.All(code.Split('\n'), line => Assert.Contains(line, program, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_platform_file_of_the_guide_can_be_applied()
    {
        var folder = Directory.CreateTempSubdirectory("guide-");
        try
        {
            var apps = string.Concat(Documentation.Blocks("integrate.md", "yaml").Select(block => block.Code));
            var file = Path.Combine(folder.FullName, "platform.yaml");
            await File.WriteAllTextAsync(
                file, "apis: [{ resource: 'https://api.example.com', scopes: [{ name: things.read }, { name: things.write }] }]\napps:\n"
                    + apps.Replace("env:", "plain:", StringComparison.Ordinal));
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "signing-job.jwks.json"), JsonSerializer.Serialize(new
            {
                keys = new[]
                {
                    new { kty = "EC", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
                },
            }));

            await platform.CommandAsync("apply", file, "--dry-run");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"\(snippets/(?<file>[\w/-]+\.(cs|mjs|js|py|go))\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    // The program does not report when it is ready.
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
            Environment =
            {
                ["ISSUER"] = platform.AuthServer.Address.ToString(),
                ["API"] = platform.Api.Address.ToString().TrimEnd('/'),
                ["NODE"] = await NodeSnippets.InstallAsync(),
                ["PYTHON"] = "/usr/bin/python3", // Debian's Python, which finds Debian's packages
                ["ROTATE"] = "sh " + await platform.CommandScriptAsync("keys", "rotate", "--now"),
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            process.Kill(entireProcessTree: true); // does nothing if the process has ended
        }

        return (process.ExitCode, await output + await errors);
    }
}
