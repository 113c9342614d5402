using System.Diagnostics;
using Npgsql;

namespace Rig;

/// <summary>
/// A PostgreSQL server in a folder of its own. It listens on a socket there, so it needs no port. It ends with this process, even
/// if the process is killed, because it lives until its standard input closes. It can be ended as by a crash, and started again on
/// its data.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A starting server does not react to signals yet, so the signal is repeated until the server has ended. The stop is pg_ctl's
    // "immediate": nothing is finished or written, and the next start recovers as from a crash.
    private const string Script =
        """
        trap '' INT HUP
        umask 077
        mkdir "$2" || exit 1
        trap 'rm -rf "$2"' EXIT
        binaries=$1 folder=$2 options=$3 primary=$4
        if [ "$primary" ]; then
            "$binaries/pg_basebackup" -d "host=$primary user=postgres application_name=standby" -D "$folder/data" -R -c fast --no-sync >&2 || exit 1
        else
            "$binaries/initdb" -D "$folder/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >&2 || exit 1
        fi
        start() {
            rm -f "$folder/stopped"
            {
                "$binaries/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=500 $options >&2
                : >"$folder/stopped"
            } </dev/null &
        }
        end() {
            until [ -e "$folder/stopped" ]; do
                kill "$1" $(head -n 1 "$folder/data/postmaster.pid")
                sleep 0.1
            done 2>/dev/null
        }
        start
        while read -r order; do $order; done
        end -QUIT
        """;

    // For data that need not survive the run: nothing waits for the disk.
    private const string Forgetful = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"authserver-postgres-{Path.GetRandomFileName()}");
    private readonly Output output = new();
    private readonly Process server;
    private int databases;

    private PostgresCluster(bool durable, PostgresCluster? primary = null)
    {
        string[] command =
        [
            .. Unprivileged.Prefix, "sh", "-c", Script, "postgres", PostgresBinaries.Folder!, folder, durable ? "" : Forgetful,
            primary?.Host ?? "",
        ];
        server = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardError = true },
        };
        server.ErrorDataReceived += output.Add;
        server.Start();
        server.BeginErrorReadLine();
    }

    /// <summary>The folder of its socket, which is the host in connection strings.</summary>
    public string Host => folder;

    /// <summary>The parent of all other processes of the server.</summary>
    public int ProcessId => int.Parse(
        File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="durable">True if a commit must reach the disk, as in production.</param>
    public static async Task<PostgresCluster> StartAsync(bool durable = false)
    {
        var cluster = new PostgresCluster(durable);
        await cluster.WaitUntilItAnswersAsync();
        return cluster;
    }

    /// <summary>Starts a standby that streams from this cluster. Each commit here then waits for the standby's confirmation.</summary>
    public async Task<PostgresCluster> StartSynchronousStandbyAsync()
    {
        var standby = new PostgresCluster(durable: true, primary: this);
        await standby.WaitUntilItAnswersAsync();

        // Not earlier, because each commit would wait until the standby streams.
        await UntilAsync("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", 1L);
        await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await UntilAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 1L);
        return standby;
    }

    /// <summary>Makes a standby the primary.</summary>
    public async Task PromoteAsync()
    {
        await ExecuteAsync("SELECT pg_promote()");
        await UntilAsync("SELECT pg_is_in_recovery()", false);
    }

    /// <summary>Ends the server and all connections as a crash would.</summary>
    public Task StopAsync() => EndAsync("-QUIT");

    /// <summary>Kills the server's first process; the other processes end when they notice it.</summary>
    public Task KillAsync() => EndAsync("-KILL");

    private async Task EndAsync(string signal)
    {
        await OrderAsync($"end {signal}");
        for (var clock = Stopwatch.StartNew(); !File.Exists(Path.Combine(folder, "stopped")); await Task.Delay(20))
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"PostgreSQL did not stop: {output.Text}");
            }
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, with everything that was committed.</summary>
    public async Task StartAgainAsync()
    {
        await OrderAsync("start");
        await WaitUntilItAnswersAsync();
    }

    /// <summary>Creates an empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = NewDatabaseName();
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>The connection string of a database that does not exist.</summary>
    public string NoDatabase() => ConnectionString(NewDatabaseName());

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        server.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(Patience);
        server.Dispose();
    }

    private string NewDatabaseName() => $"authserver_{Interlocked.Increment(ref databases)}";

    // A long timeout, because a busy machine connects slowly, which does not mean that the database is away.
    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = database, Timeout = 15 }.ConnectionString;

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task UntilAsync(string question, object answer)
    {
        for (var clock = Stopwatch.StartNew(); !answer.Equals(await ExecuteAsync(question)); await Task.Delay(50))
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"PostgreSQL does not answer {question} with {answer}: {output.Text}");
            }
        }
    }

    private async Task OrderAsync(string order)
    {
        await server.StandardInput.WriteLineAsync(order);
        await server.StandardInput.FlushAsync();
    }

    private async Task WaitUntilItAnswersAsync()
    {
        for (var clock = Stopwatch.StartNew(); !await AnswersAsync(); await Task.Delay(50))
        {
            if (server.HasExited || clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {output.Text}");
            }
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            // Not pooled: a pooled connection could be from before a crash.
            await using var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
