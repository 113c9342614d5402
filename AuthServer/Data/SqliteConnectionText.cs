using Microsoft.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>What Microsoft.Data.Sqlite is told where the connection string does not say.</summary>
internal static class SqliteConnectionText
{
    // Seconds to wait for another writer. The driver's 30 are as long as a request may take at all.
    private const int LongestWait = 10;

    public static string Tune(string connectionString)
    {
        var tuned = new SqliteConnectionStringBuilder(connectionString);
        if (!tuned.ShouldSerialize("Default Timeout"))
        {
            tuned.DefaultTimeout = LongestWait;
        }

        return tuned.ConnectionString;
    }
}
