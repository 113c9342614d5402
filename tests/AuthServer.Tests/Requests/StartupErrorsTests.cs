using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AuthServer.Tests.Requests;

/// <summary>Failures of the real program, as the person who sets it up sees them.</summary>
public sealed class StartupErrorsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task All_wrong_settings_are_reported_at_once_with_their_keys()
    {
        var (exitCode, output, error) = await RunAsync(
            "--environment=Production",
            "--ConnectionStrings:AuthServer=",
            "--Database:Provider=MySql",
            "--Database:MigrateOnStart=maybe",
            "--Connect:Issuer=http://login.example/",
            "--Connect:AccessTokenLifetime=-1",
            "--Connect:RefreshTokenLifetime=soon",
            "--Connect:IdentityTokenLifetime=604800",
            "--Throttling:RequestsPerAddress=abc",
            "--Throttling:FailedSignInsPerAccount=0",
            "--Proxies:KnownProxies=10.0.0.1 nonsense",
            "--Proxies:KnownNetworks=0.0.0.0/0",
            "--Serilog:MinimumLevel:Default=Loud");

        Assert.Equal(1, exitCode);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Settings are missing or wrong:", lines[0]);
        string[] keys =
        [
            "ConnectionStrings:AuthServer", "Database:Provider", "Database:MigrateOnStart", "Connect:Issuer", "Connect:AccessTokenLifetime",
            "Connect:RefreshTokenLifetime", "Connect:IdentityTokenLifetime", "Throttling:RequestsPerAddress",
            "Throttling:FailedSignInsPerAccount", "Proxies:KnownProxies",
            "Proxies:KnownNetworks", "Serilog:MinimumLevel:Default", "Keys:CertificatePath",
        ];
        Assert.All(keys, key => Assert.Single(lines, line => line.StartsWith($"  {key} ", StringComparison.Ordinal)));
        Assert.Equal(keys.Length + 1, lines.Length);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_certificate_is_reported_as_missing()
    {
        var (exitCode, _, error) = await RunAsync(
            "--environment=Production", "--Connect:Issuer=http://localhost:8400/", "--Keys:CertificatePath=/no/such/file.p12");

        Assert.Equal(1, exitCode);
        Assert.Contains("Keys:CertificatePath '/no/such/file.p12' cannot be read.", error, StringComparison.Ordinal);
    }

    // A compose file passes on unset variables as empty ones.
    [Fact]
    public async Task Empty_settings_count_as_not_set() => await AssertFailsAsync(
        "cannot listen where ASPNETCORE_URLS says",
        $"--ConnectionStrings:AuthServer=Data Source={Path.Combine(folder.FullName, "authserver.db")}",
        "--Connect:Issuer=http://localhost:8400/",
        "--Keys:CertificatePath=",
        "--Keys:CertificatePassword=",
        "--Connect:AccessTokenSigningAlgorithm=",
        "--Connect:IdentityTokenSigningAlgorithm=",
        "--urls=http://203.0.113.1:1");

    [Fact]
    public async Task A_port_in_use_is_reported_clearly()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await AssertFailsAsync(
            "address already in use",
            $"--ConnectionStrings:AuthServer=Data Source={Path.Combine(folder.FullName, "authserver.db")}",
            $"--urls=http://{other.LocalEndpoint}",
            "--Connect:Issuer=http://localhost:8400/");
    }

    [Fact]
    public async Task An_unreachable_database_is_reported_clearly_without_the_password()
    {
        var output = await AssertFailsAsync(
            "The database of ConnectionStrings:AuthServer cannot be used: Failed to connect to 127.0.0.1:1",
            "--Database:Provider=Postgres",
            "--Database:MigrateOnStart=true",
            "--ConnectionStrings:AuthServer=Host=127.0.0.1;Port=1;Username=auth;Password=the-password-of-the-database");

        Assert.DoesNotContain("the-password-of-the-database", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_file_that_cannot_be_created_is_reported_clearly() =>
        await AssertFailsAsync("/dev/null", "--ConnectionStrings:AuthServer=Data Source=/dev/null/authserver.db");

    private static async Task<string> AssertFailsAsync(string message, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(["--environment=Development", .. arguments]);

        Assert.Equal(1, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        return output + error;
    }

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var program = typeof(AuthServer.Requests.StartupErrors).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            process.Kill();
        }

        return (process.ExitCode, await output, await error);
    }
}
