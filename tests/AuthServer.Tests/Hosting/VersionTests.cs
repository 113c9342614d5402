using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Hosting;
using AuthServer.Tests.Support;
using Rig;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Hosting;

/// <summary>The version in Directory.Build.props appears wherever a version is shown.</summary>
public sealed partial class VersionTests
{
    private static readonly string Version = XDocument.Load(Path.Combine(Built.Root, "Directory.Build.props"))
        .Descendants("Version").Single().Value;

    [Fact]
    public void The_program_has_the_version_of_the_repository_and_its_commit()
    {
        // An export without .git has no commit.
        var commit = Path.Exists(Path.Combine(Built.Root, ".git")) ? "\\+[0-9a-f]{40}" : "";

        Assert.Matches($"^{Regex.Escape(Version)}{commit}$", ProgramVersion.Text);
    }

    [Fact]
    public async Task The_command_line_shows_the_version_without_any_settings()
    {
        using var cli = new Cli { Environment = "Production" };

        Assert.Equal(ProgramVersion.Text, (await cli.RunAsync("", ["--version"], ("Connect__Issuer", ""))).AssertOk().Output.Trim());
    }

    [Fact]
    public async Task A_start_logs_the_version()
    {
        await using var app = await AuthServerApp.StartAsync();

        Assert.Contains(app.Log, line => line.Contains($"AuthServer \\\"{ProgramVersion.Text}\\\" is starting", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AuthServer")]
    [InlineData("ResourceApi")]
    [InlineData("SampleClient")]
    public void An_image_has_labels_with_its_version_and_commit(string program)
    {
        var file = File.ReadAllText(Path.Combine(Built.Root, program, "Dockerfile"));
        var final = file[file.LastIndexOf("FROM ", StringComparison.Ordinal)..];

        Assert.Contains("ARG VERSION\nARG REVISION\n", final, StringComparison.Ordinal);
        Assert.Contains(
            "org.opencontainers.image.version=\"$VERSION\" org.opencontainers.image.revision=\"$REVISION\"",
            final,
            StringComparison.Ordinal);
        Assert.Contains("-p:SourceRevisionId=\"$REVISION\"", file, StringComparison.Ordinal);
    }

    [Fact]
    public void The_change_log_has_a_section_for_the_version() =>
        Assert.Contains($"\n## [{Version}]", File.ReadAllText(Path.Combine(Built.Root, "CHANGELOG.md")), StringComparison.Ordinal);

    [Fact]
    public void The_Kubernetes_manifests_use_the_image_of_the_version() =>
        Assert.Equal(
            Version,
            ImageTag().Match(File.ReadAllText(Path.Combine(Built.Root, "deploy", "kubernetes", "base", "kustomization.yaml"))).Groups[1].Value);

    [GeneratedRegex("newTag: (.+)")]
    private static partial Regex ImageTag();
}
