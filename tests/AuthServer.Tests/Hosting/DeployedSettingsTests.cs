using Rig;
using YamlDotNet.Serialization;
using Map = System.Collections.Generic.Dictionary<object, object>;

namespace AuthServer.Tests.Hosting;

/// <summary>The server knows every setting that <c>deploy/</c> gives to it.</summary>
public sealed class DeployedSettingsTests
{
    private static readonly string Deploy = Path.Combine(Built.Root, "deploy");

    [Theory]
    [InlineData("base", "Database:Provider")]
    [InlineData("example", "Connect:Issuer")]
    public void The_Kubernetes_manifests_have_no_unknown_setting(string folder, string expected)
    {
        var map = new Deserializer().Deserialize<Map>(File.ReadAllText(Path.Combine(Deploy, "kubernetes", folder, "kustomization.yaml")));
        var literals = ((List<object>)map["configMapGenerator"]).Cast<Map>()
            .SelectMany(settings => (List<object>)settings["literals"]).Cast<string>();
        var given = literals.Select(literal => Key(literal.Split('=')[0])).ToList();

        Assert.Contains(expected, given);
        Assert.Empty(given.Where(key => key.Contains(':', StringComparison.Ordinal)).Except(ComposeTests.KnownTo("AuthServer")));
    }

    // A setting can come from a file (SettingFiles).
    private static string Key(string variable) =>
        (variable.EndsWith("__File", StringComparison.Ordinal) ? variable[..^"__File".Length] : variable).Replace(
            "__", ":", StringComparison.Ordinal);
}
