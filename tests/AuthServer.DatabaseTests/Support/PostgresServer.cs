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
    private readonly Lazy<Task<Process>> server;
    private readonly Output output = new();
    private int databases;

    public PostgresServer() => server = new Lazy<Task<Process>>(StartAsync);

    /// <summary>An empty database of its own.</summary>
    internal async Task<string> CreateDatabaseAsync()
    {
        var name = NewDatabaseName();
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await server.Value;
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Where a database would be that is not there yet.</summary>
    internal async Task<string> NoDatabaseAsync()
    {
        await server.Value;
        return ConnectionString(NewDatabaseName());
    }

    public async ValueTask DisposeAsync()
    {
        if (!server.IsValueCreated)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        using var process = await server.Value;
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    private string NewDatabaseName() => $"authserver_{Interlocked.Increment(ref databases)}";

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = database }.ConnectionString;

    private async Task<Process> StartAsync()
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardError = true };
        string[] command = [.. Unprivileged.Prefix, "sh", "-c", Script, "postgres", PostgresBinaries.Folder!, folder];
        start.FileName = command[0];
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += output.Add;
        process.Start();
        process.BeginErrorReadLine();
        await UntilItAnswersAsync(process);
        return process;
    }

    private async Task UntilItAnswersAsync(Process process)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!process.HasExited && clock.Elapsed < Patience)
            {
            }
            catch (NpgsqlException exception)
            {
                process.StandardInput.Close();
                throw new InvalidOperationException($"PostgreSQL did not start: {output.Text}", exception);
            }
        }
    }
}
