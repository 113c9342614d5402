using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Platform;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.AdminApi;

/// <summary>The export of the platform, over HTTP.</summary>
public sealed class PlatformApiTests
{
    private const string Keys = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
        """;

    [Fact]
    public async Task The_exported_file_changes_nothing_here_and_has_no_secret()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        (await root.PostAsync("scopes", """
            { "name": "things.read", "description": { "en": "Anna's things: #1", "ko": "물건" }, "resources": ["https://things.example", "https://b.example"] }
            """)).AssertStatus(HttpStatusCode.Created);
        (await root.PostAsync("apps", $$"""
            { "id": "job", "name": "It's a job 🙂", "grants": ["client_credentials"], "scopes": ["things.read"], "publicKeys": {{Keys}},
              "accessTokenLifetime": "36h", "pkce": "required" }
            """)).AssertStatus(HttpStatusCode.Created);
        (await root.PostAsync("roles", """{ "name": "first: line", "scopes": ["admin.users.read"], "usersIn": ["customer"] }"""))
            .AssertStatus(HttpStatusCode.Created);

        var file = (await root.GetAsync("platform")).AssertOk();

        Assert.Equal("application/yaml", file.ContentType?.MediaType);
        Assert.DoesNotContain(AdminPlatform.Secret, file.Body, StringComparison.Ordinal);
        Assert.Contains("job", file.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("root@example.test", file.Body, StringComparison.Ordinal);
        var report = await ApplyAsync(app, file.Body);
        Assert.Empty(report.Problems);
        Assert.Empty(report.Changes);
        Assert.Equal(file.Body, (await root.GetAsync("platform")).AssertOk().Body);
        Assert.Empty((await ApplyAsync(app, file.Body)).Changes);
    }

    [Fact]
    public async Task An_exported_file_makes_the_same_platform_elsewhere()
    {
        await using var app = await AdminPlatform.StartAsync();
        var file = (await (await app.AdminAsync("root")).GetAsync("platform")).AssertOk().Body;
        using var cli = await Support.CommandLine.MigratedAsync();
        var path = cli.Write("platform.yaml", Regex.Replace(file, "# secret:.*", "secret: plain:one-of-32-characters-and-more-or-less"));

        (await cli.RunAsync("apply", path)).AssertOk();

        Assert.Contains("0 created, 0 changed", (await cli.RunAsync("apply", path)).AssertOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_those_who_may_export_see_the_platform()
    {
        await using var app = await AdminPlatform.StartAsync();
        (await (await app.AdminAsync("audrey")).GetAsync("platform")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
    }

    private static async Task<ApplyReport> ApplyAsync(AuthServerApp app, string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"export-{Guid.CreateVersion7():N}.yaml");
        await File.WriteAllTextAsync(path, text);
        try
        {
            return await app.Services.GetRequiredService<PlatformApplier>().ApplyAsync(path, keep: true, CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
