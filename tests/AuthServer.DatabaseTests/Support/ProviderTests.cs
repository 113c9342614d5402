using AuthServer.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Tests that hold on every provider: their class is abstract, with a nested class for each.</summary>
public abstract class ProviderTests(TestDatabase database) : IAsyncLifetime
{
    private readonly List<Node> nodes = [];

    private protected TestDatabase Database { get; } = database;

    private protected bool IsSqlServer => Database.Provider is DatabaseProvider.SqlServer;

    public ValueTask InitializeAsync()
    {
        if (Database.Missing is { } reason)
        {
            // A CI run without PostgreSQL has lost its dependency, and half of what it tests.
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
