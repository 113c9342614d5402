using Npgsql;
using Rig;

namespace Reliability.Tests;

/// <summary>
/// The benchmark adds the CPU time of the database to that of the server, so the measurement must not miss any of it.
/// </summary>
public sealed class ProcessCostTests
{
    private const string Work = "SELECT count(*) FROM generate_series(1, 2000000) AS number WHERE sqrt(number) > 0";

    [Fact]
    public async Task CPU_of_a_backend_counts_while_it_lives_and_after_it_has_ended()
    {
        if (PostgresBinaries.Folder is null)
        {
            Assert.Skip("PostgreSQL (initdb, postgres) is not installed.");
        }

        await using var cluster = await PostgresCluster.StartAsync();
        var before = ProcessCost.CpuOfTree(cluster.ProcessId);
        int backend;
        TimeSpan ofBackend;
        TimeSpan living;
        await using (var connection = new NpgsqlConnection($"{await cluster.CreateDatabaseAsync()};Pooling=false"))
        {
            await connection.OpenAsync();
            backend = connection.ProcessID;
            await using var command = new NpgsqlCommand(Work, connection);
            await command.ExecuteScalarAsync();
            ofBackend = ProcessCost.Cpu(backend);
            living = ProcessCost.CpuOfTree(cluster.ProcessId);
        }

        while (File.Exists($"/proc/{backend}/stat"))
        {
            await Task.Delay(10);
        }

        var ended = ProcessCost.CpuOfTree(cluster.ProcessId);
        Assert.True(ofBackend > TimeSpan.FromMilliseconds(100), $"{ofBackend}");
        Assert.True(living - before >= ofBackend, $"{living} - {before} < {ofBackend}");
        Assert.InRange(ended, living, living + TimeSpan.FromMilliseconds(200));
    }
}
