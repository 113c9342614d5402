using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rig;

namespace Prove;

/// <summary>The database of one experiment, deleted at its end.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly DirectoryInfo? folder;

    private readonly PostgresCluster? standby;

    private Store(string connectionString, PostgresCluster? cluster, DirectoryInfo? folder = null, PostgresCluster? standby = null) =>
        (ConnectionString, Cluster, this.folder, this.standby) = (connectionString, cluster, folder, standby);

    public string Provider => Cluster is null ? "Sqlite" : "Postgres";

    public string ConnectionString { get; }

    /// <summary>Null for SQLite.</summary>
    public PostgresCluster? Cluster { get; }

    /// <param name="durable">True if a commit must reach the disk. Experiments that only kill processes of AuthServer do not need
    /// it.</param>
    public static async Task<Store> PostgresAsync(bool durable = false)
    {
        var cluster = await PostgresCluster.StartAsync(durable);
        return new Store(await cluster.CreateDatabaseAsync(), cluster);
    }

    /// <summary>Two clusters. The second one has everything that the first one has confirmed to a client.</summary>
    public static async Task<Store> PostgresWithStandbyAsync()
    {
        var cluster = await PostgresCluster.StartAsync(durable: true);
        var database = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync());
        var standby = await cluster.StartSynchronousStandbyAsync();
        database.Host = $"{cluster.Host},{standby.Host}";
        database.TargetSessionAttributes = "primary";
        return new Store(database.ConnectionString, cluster, standby: standby);
    }

    public static Store Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("prove-");
        return new Store($"Data Source={Path.Combine(folder.FullName, "authserver.db")}", cluster: null, folder);
    }

    /// <summary>Says what <see cref="GoAsync"/> and <see cref="ComeBackAsync"/> do.</summary>
    public string Outage => standby is null ? "PostgreSQL crashes and starts again" : "the primary is killed and the standby promoted";

    /// <summary>From now on no server accepts a write.</summary>
    public Task GoAsync() => standby is null ? Cluster!.StopAsync() : Cluster!.KillAsync();

    /// <summary>When this returns, a server accepts writes again.</summary>
    public Task ComeBackAsync() => standby is null ? Cluster!.StartAgainAsync() : standby.PromoteAsync();

    /// <summary>The number of authorizations whose refresh tokens still work.</summary>
    public Task<long> LivingAuthorizationsAsync() => CountAsync("""SELECT count(*) FROM "Authorizations" WHERE "Status" = 'valid'""");

    public Task<long> AuthorizationsAsync() => CountAsync("""SELECT count(*) FROM "Authorizations" """);

    public Task<long> KeysAsync() => CountAsync("""SELECT count(*) FROM "Keys" """);

    /// <summary>Adds sign-ins of an existing user that expired long ago.</summary>
    public async Task AddExpiredAsync(int count, DateTimeOffset expiredAt)
    {
        await using var connection = await OpenAsync();
        await ExpiredSessions.SeedAsync(connection, count, expiredAt);
    }

    public async ValueTask DisposeAsync()
    {
        // The standby first, because it streams from the other.
        if (standby is not null)
        {
            await standby.DisposeAsync();
        }

        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }

        folder?.Delete(recursive: true);
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private async Task<DbConnection> OpenAsync()
    {
        var unpooled = $"{ConnectionString};Pooling=false";
        DbConnection connection = Cluster is null ? new SqliteConnection(unpooled) : new NpgsqlConnection(unpooled);
        await connection.OpenAsync();
        return connection;
    }
}
