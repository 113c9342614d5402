using Npgsql;

namespace AuthServer.Data;

/// <summary>What Npgsql is told where the connection string does not say: above all, a server that is away is noticed soon, and noticed soon when it is back.</summary>
internal static class PostgresConnection
{
    // The server asks for the same few statements all day: planned once a connection, they cost PostgreSQL a third.
    private const int PreparedStatements = 50;

    // Seconds, for all hosts together. Also the longest wait for a place in the pool.
    private const int LongestConnect = 2;

    public static string Tune(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var tuned = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Max Auto Prepare"))
        {
            tuned.MaxAutoPrepare = PreparedStatements;
            tuned.AutoPrepareMinUsages = 2;
        }

        // Nothing here sets anything on a connection that the next one to get it could trip over.
        if (!given.ShouldSerialize("No Reset On Close"))
        {
            tuned.NoResetOnClose = true;
        }

        var hosts = given.Host?.Split(',').Length ?? 1;
        if (!given.ShouldSerialize("Timeout"))
        {
            tuned.Timeout = Math.Max(1, LongestConnect / hosts);
        }

        // How long a host that was away, or a standby, is taken for that. The driver's ten seconds would outlast a failover; with less than
        // all hosts take to be given up, the driver would begin again at the first one within the same attempt.
        if (hosts > 1 && !given.ShouldSerialize("Host Recheck Seconds"))
        {
            tuned.HostRecheckSeconds = tuned.Timeout * hosts;
        }

        return tuned.ConnectionString;
    }
}
