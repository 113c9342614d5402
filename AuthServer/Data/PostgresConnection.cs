using Npgsql;

namespace AuthServer.Data;

/// <summary>
/// Defaults for Npgsql, used where the connection string has no value. Their main purpose: the program soon notices that a server is down,
/// and soon notices that it is back.
/// </summary>
internal static class PostgresConnection
{
    // The server sends the same few statements all day. Planned once for each connection, they cost PostgreSQL a third.
    private const int PreparedStatements = 50;

    // Seconds for each host. Also the longest wait for a pooled connection. With one second, a single lost packet would be an outage: TCP
    // resends it only after one second (RFC 6298 2.1), and the driver closes all connections to a host that it has given up.
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

        // This program leaves no state on a connection that could disturb its next user.
        if (!given.ShouldSerialize("No Reset On Close"))
        {
            tuned.NoResetOnClose = true;
        }

        if (!given.ShouldSerialize("Timeout"))
        {
            tuned.Timeout = LongestConnect;
        }

        // How long the driver remembers that a host is down or a standby. Its default of ten seconds would outlast a failover. The driver
        // goes through its hosts twice: the first one must still count as down when the last one has been given up.
        var hosts = given.Host?.Split(',').Length ?? 1;
        if (hosts > 1 && !given.ShouldSerialize("Host Recheck Seconds"))
        {
            tuned.HostRecheckSeconds = (LongestConnect * (hosts - 1)) + 1;
        }

        return tuned.ConnectionString;
    }
}
