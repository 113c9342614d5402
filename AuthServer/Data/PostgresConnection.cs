using Npgsql;

namespace AuthServer.Data;

/// <summary>What Npgsql is told where the connection string does not say.</summary>
internal static class PostgresConnection
{
    // The server asks for the same few statements all day: planned once a connection, they cost PostgreSQL a third.
    private const int PreparedStatements = 50;

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

        // How long a host that was away, or a standby, is taken for that: the driver's ten seconds would outlast a failover.
        if (given.Host?.Contains(',', StringComparison.Ordinal) is true && !given.ShouldSerialize("Host Recheck Seconds"))
        {
            tuned.HostRecheckSeconds = 1;
        }

        return tuned.ConnectionString;
    }
}
