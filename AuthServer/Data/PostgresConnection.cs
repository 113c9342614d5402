using Npgsql;

namespace AuthServer.Data;

/// <summary>What Npgsql is told where the connection string does not say: above all, a server that is away is noticed soon, and noticed soon when it is back.</summary>
internal static class PostgresConnection
{
    // The server asks for the same few statements all day: planned once a connection, they cost PostgreSQL a third.
    private const int PreparedStatements = 50;

    // Seconds, for each host. Also the longest wait for a place in the pool. With one second a single lost packet would be an outage: TCP sends
    // again after one (RFC 6298 2.1), and the driver takes a host that it gave up for away and closes all connections to it.
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

        if (!given.ShouldSerialize("Timeout"))
        {
            tuned.Timeout = LongestConnect;
        }

        // How long a host that was away, or a standby, is taken for that. The driver's ten seconds would outlast a failover. It goes through its
        // hosts twice: the first one must still count as away when the last one has been given up.
        var hosts = given.Host?.Split(',').Length ?? 1;
        if (hosts > 1 && !given.ShouldSerialize("Host Recheck Seconds"))
        {
            tuned.HostRecheckSeconds = (LongestConnect * (hosts - 1)) + 1;
        }

        return tuned.ConnectionString;
    }
}
