using AuthServer.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Databases of one provider for the tests of one class.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    private readonly Lazy<Task<string>> migrated;

    protected TestDatabase() => migrated = new Lazy<Task<string>>(MigrateAsync);

    internal abstract DatabaseProvider Provider { get; }

    /// <summary>Why this provider cannot be tested here; null if it can.</summary>
    internal abstract string? Missing { get; }

    /// <summary>Creates an empty database for the caller alone.</summary>
    internal abstract Task<string> CreateAsync();

    /// <summary>The connection string of a database that does not exist yet.</summary>
    internal abstract Task<string> NoneAsync();

    /// <summary>The migrated database that the tests of a class share.</summary>
    internal Task<string> MigratedAsync() => migrated.Value;

    internal Node NodeOn(
        string connectionString, Action<IServiceCollection>? configure = null, params (string Key, string? Value)[] settings) =>
        new([("Database:Provider", Provider.ToString()), ("ConnectionStrings:AuthServer", connectionString), .. settings], configure);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<string> MigrateAsync()
    {
        var connectionString = await CreateAsync();
        await using var node = NodeOn(connectionString);
        await node.MigrateAsync();
        return connectionString;
    }
}
