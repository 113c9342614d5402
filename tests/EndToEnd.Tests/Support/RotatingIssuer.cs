using Rig;

namespace EndToEnd.Tests.Support;

/// <summary>Two nodes of AuthServer on one PostgreSQL, whose keys rotate every few seconds, and an API that trusts them.</summary>
internal sealed class RotatingIssuer : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rotating-issuer-");
    private readonly PostgresCluster postgres;

    private RotatingIssuer(PostgresCluster postgres) => this.postgres = postgres;

    /// <summary>How long a sign-in can be refreshed.</summary>
    public static TimeSpan SignInLifetime => TimeSpan.FromSeconds(10);

    public static TimeSpan AccessTokenLifetime => TimeSpan.FromSeconds(6);

    public IReadOnlyList<RunningProgram> Nodes { get; private set; } = [];

    public RunningProgram Api { get; private set; } = null!;

    /// <summary>The warnings and errors that the programs have logged.</summary>
    public IEnumerable<string> Warnings => Nodes.Append(Api).SelectMany(program => program.Log.Split('\n'))
        .Where(line => line.Contains(" WRN ", StringComparison.Ordinal) || line.Contains(" ERR ", StringComparison.Ordinal));

    public static async Task<RotatingIssuer> StartAsync()
    {
        var issuer = new RotatingIssuer(await PostgresCluster.StartAsync());
        var settings = new Dictionary<string, string>
        {
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:AuthServer"] = await issuer.postgres.CreateDatabaseAsync(),
            ["Database:MigrateOnStart"] = "true",
            ["Platform:File"] = Path.Combine(issuer.folder.FullName, "platform.yaml"),
            ["Throttling:Enabled"] = "false",
            ["Connect:AccessTokenLifetime"] = $"{AccessTokenLifetime}",
            ["Connect:IdentityTokenLifetime"] = $"{AccessTokenLifetime}",
            ["Connect:RefreshTokenLifetime"] = $"{SignInLifetime}",
            ["Keys:RotationInterval"] = "00:00:03",
            ["Keys:AnnouncementTime"] = "00:00:02.5",
            ["Keys:PollInterval"] = "00:00:00.3",
            ["Keys:JwksCacheTime"] = "00:00:00",
            ["Keys:Overlap"] = "00:00:01",
        };
        var first = new RunningProgram("AuthServer", settings);
        settings["Connect:Issuer"] = first.Address.ToString();
        issuer.Nodes = [first, new RunningProgram("AuthServer", settings)];

        var api = new Dictionary<string, string>
        {
            ["Issuer:Authority"] = first.Address.ToString(),
            ["ConnectionStrings:ResourceApi"] = $"Data Source={Path.Combine(issuer.folder.FullName, "resourceapi.db")}",
        };
        issuer.Api = new RunningProgram("ResourceApi", api);
        var resource = issuer.Api.Address.ToString().TrimEnd('/');
        api["Api:Resource"] = resource;

        var demo = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "AuthServer", "platform.demo.yaml"));
        await File.WriteAllTextAsync(settings["Platform:File"], demo
            .Replace("http://localhost:8410", resource, StringComparison.Ordinal)
            // A key lives as long as the longest-lived tokens of any app, so this app's lifetime is shortened.
            .Replace(
                "access_token_lifetime: 35s", $"access_token_lifetime: {AccessTokenLifetime.TotalSeconds}s", StringComparison.Ordinal));
        await first.StartAsync();
        await Task.WhenAll(issuer.Nodes[1].StartAsync(), issuer.Api.StartAsync());
        return issuer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Nodes.Append(Api))
        {
            await program.DisposeAsync();
        }

        await postgres.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
