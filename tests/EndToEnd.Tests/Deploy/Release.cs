using System.Runtime.InteropServices;
using System.Xml.Linq;
using EndToEnd.Tests.Support;
using Rig;

namespace EndToEnd.Tests.Deploy;

/// <summary>The output of <c>./build.sh publish</c>. The archive for this machine is unpacked by a user without privileges.</summary>
public sealed class Release : IAsyncLifetime
{
    private static readonly string Platform = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    private readonly string home = Path.Combine(Path.GetTempPath(), $"authserver-release-{Path.GetRandomFileName()}");

    public static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "release");

    public static string Version { get; } = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"))
        .Descendants("Version").Single().Value;

    public static string Archive { get; } = Path.Combine(Folder, $"authserver-{Version}-{Platform}.tar.gz");

    public static string Bill { get; } = Path.Combine(Folder, $"authserver-{Version}.cdx.json");

    /// <summary>An empty folder that belongs to the user who runs the program.</summary>
    internal string Empty => Path.Combine(home, "empty");

    internal string Unpacked => Path.Combine(home, $"authserver-{Version}");

    /// <summary>The command that runs the program as the same user.</summary>
    internal string[] Program => [.. Unprivileged.Prefix, Path.Combine(Unpacked, "AuthServer")];

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(Archive) && File.Exists(Bill), $"There is no release: ./build.sh publish archive:{Platform} sbom");
        await RunAsync("mkdir", "-m", "700", home);
        await RunAsync("mkdir", Empty);
        await RunAsync("tar", "-xzf", Archive, "-C", home);
    }

    public async ValueTask DisposeAsync() => await RunAsync("rm", "-rf", home);

    private static async Task RunAsync(params string[] command)
    {
        var (exitCode, output) = await Command.RunAsync("/", [.. Unprivileged.Prefix, .. command]);
        Assert.True(exitCode is 0, output);
    }
}
