using AuthServer.DatabaseTests.Support;
using Rig;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace AuthServer.DatabaseTests.Support;

/// <summary>The PostgreSQL of this test run. It starts when it is first needed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresCluster>> cluster = new(() => PostgresCluster.StartAsync());

    internal async Task<string> CreateDatabaseAsync() => await (await cluster.Value).CreateDatabaseAsync();

    internal async Task<string> NoDatabaseAsync() => (await cluster.Value).NoDatabase();

    public async ValueTask DisposeAsync()
    {
        if (cluster.IsValueCreated)
        {
            await (await cluster.Value).DisposeAsync();
        }
    }
}
