using System.Text.RegularExpressions;
using AuthServer.Platform;
using Rig;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using Map = System.Collections.Generic.Dictionary<object, object>;

namespace AuthServer.Tests.Hosting;

/// <summary>Reads docker-compose.yml as Compose does, without Docker.</summary>
public sealed partial class ComposeTests
{
    private static readonly Map Services = Read("docker-compose.yml", "services");

    [Theory]
    [InlineData("orders", "Orders")]
    [InlineData("reports", "Reports")]
    public void The_compose_file_starts_both_apps_as_the_demo_registers_them(string service, string name)
    {
        var app = (Map)Services[service];
        var environment = (Map)app["environment"];
        var port = ((List<object>)app["ports"]).Cast<string>().Single().Split(':')[1];
        var registered = ((List<object>)Read(Path.Combine("AuthServer", "platform.demo.yaml"))["apps"]).Cast<Map>()
            .Single(entry => entry["id"].Equals(environment["App__ClientId"]));

        Assert.Equal("SampleClient", ProgramOf(service));
        Assert.Equal((name, name), (environment["App__Name"], registered["name"]));
        Assert.Equal($"plain:{environment["App__ClientSecret"]}", registered["secret"]);
        Assert.Equal([$"http://localhost:{port}/account/callback"], (List<object>)registered["redirect_uris"]);
        Assert.Contains(
            $"http://localhost:{port}=http://{service}:8080",
            ((Map)((Map)Services["authserver"])["environment"])["Logout__Addresses"].ToString()!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker-compose.yml", "authserver resourceapi orders reports")]
    [InlineData("docker-compose.postgres.yml", "authserver")]
    public void Every_setting_of_a_compose_file_is_known_to_its_program(string file, string programs)
    {
        var services = Read(file, "services").Where(service => programs.Split(' ').Contains(service.Key)).ToList();
        Assert.Equal(programs.Split(' ').Length, services.Count);

        foreach (var (service, value) in services)
        {
            var known = KnownTo(ProgramOf(service));
            var given = ((Map)((Map)value)["environment"]).Keys.Cast<string>().Where(key => key is not "ASPNETCORE_ENVIRONMENT")
                .Select(key => key.Replace("__", ":", StringComparison.Ordinal));
            Assert.Empty(given.Except(known).Select(key => $"{service}: {key}"));
        }
    }

    private static string ProgramOf(object service) => ((Map)((Map)Services[service])["build"])["dockerfile"].ToString()!.Split('/')[0];

    // The properties of the options classes, whose summaries name the section.
    internal static HashSet<string> KnownTo(string program) =>
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(Built.Root, program), "*Options.cs", SearchOption.AllDirectories)
           let source = File.ReadAllText(path)
           let section = Section().Match(source)
           where section.Success
           from Match property in Property().Matches(source)
           select $"{section.Groups[1]}:{property.Groups[1]}",
        $"ConnectionStrings:{program}",
        .. program is "AuthServer" ? [PlatformFeature.FileKey] : Array.Empty<string>(),
    ];

    private static Map Read(string file, string? part = null)
    {
        // !override tells Compose to replace instead of merging. The value itself is still present.
        var text = File.ReadAllText(Path.Combine(Built.Root, file)).Replace("!override", "", StringComparison.Ordinal);
        var map = new Deserializer().Deserialize<Map>(new MergingParser(new Parser(new StringReader(text))));
        return part is null ? map : (Map)map[part];
    }

    [GeneratedRegex("ection <c>(\\w+)</c>")]
    private static partial Regex Section();

    [GeneratedRegex("^    public [^=(]*?(\\w+) \\{ get; set; \\}", RegexOptions.Multiline)]
    private static partial Regex Property();
}
