using System.Text.Json;
using EndToEnd.Tests.Support;
using Rig;

namespace EndToEnd.Tests.Deploy;

/// <summary>The archive that users install, run by a user without privileges in an empty folder, with no .NET on the path.</summary>
public sealed class ReleaseTests(Release release) : IClassFixture<Release>
{
    [Fact]
    public async Task The_archive_starts_makes_its_database_and_answers()
    {
        await using var server = ServerProcess.Start(
            ["env", "-u", "DOTNET_ROOT", "-C", release.Empty, "PATH=/usr/bin:/bin", .. release.Program],
            ("Connect:Issuer", "http://localhost:8400/"), ("Keys:AllowUnprotectedKeyRing", "true"));
        using var http = await server.HttpAsync();

        using var metadata = JsonDocument.Parse(await http.GetStringAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative)));
        using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));

        Assert.Equal("http://localhost:8400/", metadata.RootElement.GetProperty("issuer").GetString());
        Assert.Equal("Healthy", health.RootElement.GetProperty("status").GetString());
        Assert.StartsWith(Release.Version, health.RootElement.GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(release.Empty, "data", "authserver.db")));
    }

    [Fact]
    public async Task The_archive_has_the_version_of_the_build_beside_it()
    {
        var (exitCode, output) = await Command.RunAsync(release.Empty, [.. release.Program, "--version"]);

        Assert.Equal((0, output), (exitCode, output));
        Assert.StartsWith(Release.Version, output, StringComparison.Ordinal);

        // Otherwise another commit was published.
        var (_, built) = await Command.RunAsync("/", ["dotnet", Built.AuthServer, "--version"]);
        Assert.Equal(built, output);
    }

    [Theory]
    [InlineData("LICENSE")]
    [InlineData("CHANGELOG.md")]
    [InlineData("deploy/authserver.service")]
    [InlineData("deploy/authserver.conf")]
    [InlineData("deploy/Caddyfile")]
    [InlineData("libsodium.so")]
    [InlineData("libe_sqlite3.so")]
    [InlineData("ko/AuthServer.resources.dll")]
    public void The_archive_has(string file) => Assert.True(File.Exists(Path.Combine(release.Unpacked, file)), file);

    [Fact]
    public async Task The_checksums_are_those_of_the_files()
    {
        var (exitCode, output) = await Command.RunAsync(Release.Folder, ["sha256sum", "--check", "--strict", "SHA256SUMS"]);

        Assert.Equal((0, output), (exitCode, output));
        Assert.Contains(Path.GetFileName(Release.Archive), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bill_of_materials_lists_each_library_of_the_archive_and_nothing_that_only_builds_it()
    {
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(Release.Bill, TestContext.Current.CancellationToken));
        using var dependencies = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(release.Unpacked, "AuthServer.deps.json"), TestContext.Current.CancellationToken));
        var subject = bill.RootElement.GetProperty("metadata").GetProperty("component");
        var listed = bill.RootElement.GetProperty("components").EnumerateArray().Select(NameAndVersion).ToHashSet();
        var runtime = subject.GetProperty("components").EnumerateArray()
            .Select(component => component.GetProperty("version").GetString()).ToHashSet();

        Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
        Assert.Equal($"AuthServer/{Release.Version}", NameAndVersion(subject));
        foreach (var library in dependencies.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => !library.Name.StartsWith("AuthServer/", StringComparison.Ordinal)))
        {
            Assert.True(library.Name.StartsWith("runtimepack.", StringComparison.Ordinal)
                ? runtime.Contains(library.Name.Split('/')[1])
                : listed.Contains(library.Name), library.Name);
        }

        Assert.DoesNotContain(listed, library => library.StartsWith("Microsoft.EntityFrameworkCore.Design/", StringComparison.Ordinal));
    }

    private static string NameAndVersion(JsonElement component) =>
        $"{component.GetProperty("name").GetString()}/{component.GetProperty("version").GetString()}";
}
