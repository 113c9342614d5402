using AuthServer.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Tests that must pass on every provider. Their class is abstract, with a nested class for each provider.</summary>
public abstract class ProviderTests(TestDatabase database) : IAsyncLifetime
{
    private readonly List<Node> nodes = [];

    private protected TestDatabase Database { get; } = database;

    private protected bool IsSqlServer => Database.Provider is DatabaseProvider.SqlServer;

    public ValueTask InitializeAsync()
    {
        if (Database.Missing is { } reason)
        {
            // Without PostgreSQL, a CI run would silently lose half of its tests.
            Assert.False(Database.Provider is DatabaseProvider.Postgres && Environment.GetEnvironmentVariable("CI") is "true", reason);
            Assert.Skip(reason);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A node on the database of this class.</summary>
    private protected async Task<Node> NodeAsync(Action<IServiceCollection>? configure = null) =>
        NodeOn(await Database.MigratedAsync(), configure);

    private protected Node NodeOn(
        string connectionString, Action<IServiceCollection>? configure = null, params (string Key, string? Value)[] settings)
    {
        var node = Database.NodeOn(connectionString, configure, settings);
        nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
