using AuthServer.Data;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthServer.DatabaseTests.Data;

/// <summary>The settings that the drivers get in addition to the connection string.</summary>
public sealed class ConnectionTextTests
{
    [Fact]
    public void A_lost_SQL_Server_is_noticed_soon_and_its_return_too()
    {
        var tuned = new SqlConnectionStringBuilder(SqlServerConnection.Tune("Server=db;Database=AuthServer"));

        Assert.Equal((2, 0, PoolBlockingPeriod.NeverBlock), (tuned.ConnectTimeout, tuned.ConnectRetryCount, tuned.PoolBlockingPeriod));
        Assert.Equal(("db", "AuthServer"), (tuned.DataSource, tuned.InitialCatalog));
    }

    [Theory]
    [InlineData("Server=db;Connect Timeout=15;ConnectRetryCount=1;Pool Blocking Period=Auto")]
    [InlineData("Server=db;Connection Timeout=15;Connect Retry Count=1;PoolBlockingPeriod=Auto")]
    public void Values_in_the_connection_string_of_SQL_Server_take_precedence(string connectionString)
    {
        var tuned = new SqlConnectionStringBuilder(SqlServerConnection.Tune(connectionString));

        Assert.Equal((15, 1, PoolBlockingPeriod.Auto), (tuned.ConnectTimeout, tuned.ConnectRetryCount, tuned.PoolBlockingPeriod));
    }

    [Theory]
    [InlineData("Host=db", 2, 10)]
    [InlineData("Host=db1,db2;Target Session Attributes=primary", 2, 3)]
    [InlineData("Host=db1,db2,db3;Target Session Attributes=primary", 2, 5)]
    [InlineData("Host=db1,db2;Timeout=5", 5, 3)]
    [InlineData("Host=db1,db2;Host Recheck Seconds=7", 2, 7)]
    [InlineData("Host=db;Timeout=15", 15, 10)]
    public void A_lost_PostgreSQL_is_noticed_soon_and_its_return_too(string connectionString, int timeout, int recheck)
    {
        var tuned = new NpgsqlConnectionStringBuilder(PostgresConnection.Tune(connectionString));

        Assert.Equal((timeout, recheck), (tuned.Timeout, tuned.HostRecheckSeconds));
    }

    [Theory]
    [InlineData("Data Source=x", 10)]
    [InlineData("Data Source=x;Default Timeout=3", 3)]
    [InlineData("Data Source=x;Default Timeout=30", 30)]
    public void A_writer_on_SQLite_waits_ten_seconds_by_default(string connectionString, int seconds) =>
        Assert.Equal(seconds, new SqliteConnectionStringBuilder(SqliteConnectionText.Tune(connectionString)).DefaultTimeout);
}
