using System.Diagnostics;
using AuthServer.DatabaseTests.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace AuthServer.DatabaseTests.Support;

/// <summary>
/// A PostgreSQL of this test run alone, reached by a socket in its own folder, so that no port is taken. It starts
/// when first asked for and goes with the run, however that ends: it lives until its standard input closes.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Nothing here outlives the run, so nothing waits for the disk. A server that is just coming up does not hear yet
    // that it shall stop, so it is told until it has.
    private const string Script =
        """
        trap '' INT HUP
        umask 077
        mkdir "$2" || exit 1
        trap 'rm -rf "$2"' EXIT
        "$1/initdb" -D "$2/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >&2 || exit 1
        {
            "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=500 \
                -c fsync=off -c synchronous_commit=off -c full_page_writes=off >&2
            : >"$2/stopped"
        } </dev/null &
        cat >/dev/null
        until [ -e "$2/stopped" ]; do
            kill -QUIT $(head -n 1 "$2/data/postmaster.pid")
            sleep 0.1
        done 2>/dev/null
        """;

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"authserver-postgres-{Path.GetRandomFileName()}");
    private readonly Lazy<Task> started;
    private readonly Output output = new();
    private Process? server;
    private int databases;

    public PostgresServer() => started = new Lazy<Task>(StartAsync);

    /// <summary>An empty database of its own.</summary>
    internal async Task<string> CreateDatabaseAsync()
    {
        var name = NewDatabaseName();
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await started.Value;
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Where a database would be that is not there yet.</summary>
    internal async Task<string> NoDatabaseAsync()
    {
        await started.Value;
        return ConnectionString(NewDatabaseName());
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        server.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(Patience);
        server.Dispose();
    }

    private string NewDatabaseName() => $"authserver_{Interlocked.Increment(ref databases)}";

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = database }.ConnectionString;

    private async Task StartAsync()
    {
        string[] command = [.. Unprivileged.Prefix, "sh", "-c", Script, "postgres", PostgresBinaries.Folder!, folder];
        server = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardError = true },
        };
        server.ErrorDataReceived += output.Add;
        server.Start();
        server.BeginErrorReadLine();
        for (var clock = Stopwatch.StartNew(); !await AnswersAsync(); await Task.Delay(50))
        {
            Assert.True(!server.HasExited && clock.Elapsed < Patience, $"PostgreSQL did not start: {output.Text}");
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
