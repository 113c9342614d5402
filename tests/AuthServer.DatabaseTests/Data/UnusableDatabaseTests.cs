using System.Diagnostics;
using System.Runtime.Versioning;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.Extensions.Configuration;
using Rig;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A database that cannot be used is reported in plain words and with exit code 1.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnusableDatabaseTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-unusable-");

    private string DatabaseFile => Path.Combine(folder.FullName, "authserver.db");

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_reported() =>
        await AssertRefusedAsync(DatabaseProvider.Sqlite, "Data Source=/proc/nowhere/authserver.db", "/proc/nowhere");

    [Fact]
    public async Task A_file_that_is_not_a_database_is_reported()
    {
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 10_000));

        await AssertRefusedAsync(DatabaseProvider.Sqlite, $"Data Source={DatabaseFile}", "file is not a database");
    }

    [Theory]
    [InlineData("true", "authserver.db")]
    [InlineData("false", "readonly database")]
    public async Task A_read_only_file_is_reported(string migrateOnStart, string named)
    {
        Assert.SkipUnless(
            await CanRunUnprivilegedAsync(), "Whoever may do everything is told nothing, and this build cannot be read by others.");
        await using (var node = new Node([("ConnectionStrings:AuthServer", $"Data Source={DatabaseFile};Pooling=False")]))
        {
            await node.MigrateAsync();
        }

        foreach (var file in folder.EnumerateFiles())
        {
            file.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        }

        folder.UnixFileMode = ReadAndEnter;
        await AssertRefusedAsync(
            DatabaseProvider.Sqlite, $"Data Source={DatabaseFile}", named, Unprivileged.Prefix,
            ("Database:MigrateOnStart", migrateOnStart));
    }

    [Theory]
    [InlineData("Postgres", "Host=127.0.0.1;Port=1;Username=u;Password=very-secret;Timeout=2")]
    [InlineData("SqlServer", "Server=127.0.0.1,1;User Id=u;Password=very-secret;Connect Timeout=1;Encrypt=False")]
    public async Task A_server_that_does_not_answer_is_reported(string provider, string connectionString) =>
        await AssertRefusedAsync(Enum.Parse<DatabaseProvider>(provider), connectionString, "cannot be used");

    [Theory]
    [InlineData("Sqlite", "Data Source=:memory:")]
    [InlineData("Sqlite", "Data Source=x;Mode=Memory;Cache=Shared")]
    [InlineData("Sqlite", "Data Source=x.db;Mode=ReadOnly")]
    [InlineData("Sqlite", "Data Source=file:x.db")]
    [InlineData("Sqlite", "Cache=Shared")]
    [InlineData("Sqlite", "Server=x")]
    [InlineData("Postgres", "Database=x")]
    [InlineData("Postgres", "Host=x;Port=many")]
    [InlineData("SqlServer", "Database=x")]
    [InlineData("SqlServer", "no connection string")]
    public void An_unusable_connection_string_is_reported(string provider, string connectionString)
    {
        var options = new DatabaseOptions { Provider = Enum.Parse<DatabaseProvider>(provider), ConnectionString = connectionString };

        var failure = Assert.Single(new DatabaseOptionsSetup(new ConfigurationManager()).Validate(null, options).Failures!);

        Assert.StartsWith("ConnectionStrings:AuthServer ", failure, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.UnixFileMode = ReadAndEnter | UnixFileMode.UserWrite;
        folder.Delete(recursive: true);
    }

    private const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static async Task AssertRefusedAsync(
        DatabaseProvider provider, string connectionString, string named, string[]? prefix = null, params (string, string?)[] settings)
    {
        await using var server = AuthServerProcess.Start(
            provider, connectionString, prefix: prefix,
            settings: [("Keys:AllowUnprotectedKeyRing", "true"), ("Database:MigrateOnStart", "true"), .. settings]);

        Assert.Equal(1, await server.ExitCodeAsync());
        Assert.Contains("ConnectionStrings:AuthServer", server.Complaint, StringComparison.Ordinal);
        Assert.Contains(named, server.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", server.Complaint, StringComparison.Ordinal);
    }

    // Also true if the test run has no privileges to give up.
    private static async Task<bool> CanRunUnprivilegedAsync()
    {
        string[] command = [.. Unprivileged.Prefix, "test", "-r", Path.Combine(AppContext.BaseDirectory, "AuthServer.dll")];
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync();
        return process.ExitCode is 0;
    }
}
