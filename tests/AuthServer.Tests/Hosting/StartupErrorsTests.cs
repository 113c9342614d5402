using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AuthServer.Tests.Hosting;

/// <summary>The real program, as whoever sets it up sees it fail.</summary>
public sealed class StartupErrorsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task All_wrong_settings_are_told_at_once_by_their_keys()
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
            "Connect:RefreshTokenLifetime", "Connect:IdentityTokenLifetime", "Throttling:RequestsPerAddress", "Throttling:FailedSignInsPerAccount", "Proxies:KnownProxies",
            "Proxies:KnownNetworks", "Serilog:MinimumLevel:Default", "Keys:CertificatePath",
        ];
        Assert.All(keys, key => Assert.Single(lines, line => line.StartsWith($"  {key} ", StringComparison.Ordinal)));
        Assert.Equal(keys.Length + 1, lines.Length);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_there_is_told_as_such()
    {
        var (exitCode, _, error) = await RunAsync("--environment=Production", "--Connect:Issuer=http://localhost:8400/", "--Keys:CertificatePath=/no/such/file.p12");

        Assert.Equal(1, exitCode);
        Assert.Contains("Keys:CertificatePath '/no/such/file.p12' cannot be read.", error, StringComparison.Ordinal);
    }

    // As a compose file passes on what is not set.
    [Fact]
    public async Task Settings_that_are_empty_are_as_if_they_were_not_there() => await AssertFailsAsync(
        "cannot listen where ASPNETCORE_URLS says",
        $"--ConnectionStrings:AuthServer=Data Source={Path.Combine(folder.FullName, "authserver.db")}",
        "--Connect:Issuer=http://localhost:8400/",
        "--Keys:CertificatePath=",
        "--Keys:CertificatePassword=",
        "--Connect:AccessTokenSigningAlgorithm=",
        "--Connect:IdentityTokenSigningAlgorithm=",
        "--urls=http://203.0.113.1:1");

    [Fact]
    public async Task A_port_in_use_is_a_clear_message()
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
    public async Task A_database_that_cannot_be_reached_is_a_clear_message_without_the_password()
    {
        var output = await AssertFailsAsync(
            "The database of ConnectionStrings:AuthServer cannot be used: Failed to connect to 127.0.0.1:1",
            "--Database:Provider=Postgres",
            "--Database:MigrateOnStart=true",
            "--ConnectionStrings:AuthServer=Host=127.0.0.1;Port=1;Username=auth;Password=the-password-of-the-database");

        Assert.DoesNotContain("the-password-of-the-database", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_file_that_cannot_be_made_is_a_clear_message() =>
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
