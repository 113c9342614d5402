using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rig;

namespace Prove;

/// <summary>A database for one experiment; it goes with it.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly DirectoryInfo? folder;

    private Store(string connectionString, PostgresCluster? cluster, DirectoryInfo? folder) =>
        (ConnectionString, Cluster, this.folder) = (connectionString, cluster, folder);

    public string Provider => Cluster is null ? "Sqlite" : "Postgres";

    public string ConnectionString { get; }

    /// <summary>Null with SQLite.</summary>
    public PostgresCluster? Cluster { get; }

    /// <param name="durable">A commit is on the disk. What only processes do to each other does not need it.</param>
    public static async Task<Store> PostgresAsync(bool durable = false)
    {
        var cluster = await PostgresCluster.StartAsync(durable);
        return new Store(await cluster.CreateDatabaseAsync(), cluster, folder: null);
    }

    public static Store Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("prove-");
        return new Store($"Data Source={Path.Combine(folder.FullName, "authserver.db")}", cluster: null, folder);
    }

    /// <summary>Families that refresh tokens can still come from.</summary>
    public Task<long> LivingFamiliesAsync() => CountAsync("""SELECT count(*) FROM "Authorizations" WHERE "Status" = 'valid'""");

    public Task<long> FamiliesAsync() => CountAsync("""SELECT count(*) FROM "Authorizations" """);

    public Task<long> KeysAsync() => CountAsync("""SELECT count(*) FROM "Keys" """);

    /// <summary>Sign-ins of whoever is there that are long over.</summary>
    public async Task AddExpiredAsync(int count, DateTimeOffset expiredAt)
    {
        await using var connection = await OpenAsync();
        await ExpiredSessions.SeedAsync(connection, count, expiredAt);
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }

        folder?.Delete(recursive: true);
    }

    private async Task<long> CountAsync(string sql)
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
