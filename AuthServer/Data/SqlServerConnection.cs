using Microsoft.Data.SqlClient;

namespace AuthServer.Data;

/// <summary>
/// Defaults for SqlClient, used where the connection string has no value. With them the program soon notices that a server is down, and
/// soon notices that it is back.
/// </summary>
internal static class SqlServerConnection
{
    // Seconds. Also the longest wait for a pooled connection.
    private const int LongestConnect = 2;

    public static string Tune(string connectionString)
    {
        var given = new SqlConnectionStringBuilder(connectionString);
        var tuned = new SqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Connect Timeout"))
        {
            tuned.ConnectTimeout = LongestConnect;
        }

        // The driver's own retries are ten seconds apart. A client that gets 503 retries by itself.
        if (!given.ShouldSerialize("Connect Retry Count"))
        {
            tuned.ConnectRetryCount = 0;
        }

        // Otherwise, after one failure, all new connections fail for five seconds or more, even if the server is back.
        if (!given.ShouldSerialize("Pool Blocking Period"))
        {
            tuned.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        }

        return tuned.ConnectionString;
    }
}
