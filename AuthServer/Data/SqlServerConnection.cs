using Microsoft.Data.SqlClient;

namespace AuthServer.Data;

/// <summary>What SqlClient is told where the connection string does not say: a server that is away is noticed soon, and noticed soon when it is back.</summary>
internal static class SqlServerConnection
{
    // Seconds. Also the longest wait for a place in the pool.
    private const int LongestConnect = 2;

    public static string Tune(string connectionString)
    {
        var given = new SqlConnectionStringBuilder(connectionString);
        var tuned = new SqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Connect Timeout"))
        {
            tuned.ConnectTimeout = LongestConnect;
        }

        // The driver's own attempts are ten seconds apart; a client that is told 503 comes back by itself.
        if (!given.ShouldSerialize("Connect Retry Count"))
        {
            tuned.ConnectRetryCount = 0;
        }

        // Otherwise one failure makes all that follow fail for five seconds and more, long after the server is back.
        if (!given.ShouldSerialize("Pool Blocking Period"))
        {
            tuned.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
        }

        return tuned.ConnectionString;
    }
}
