using Microsoft.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>Defaults for Microsoft.Data.Sqlite, used where the connection string has no value.</summary>
internal static class SqliteConnectionText
{
    // Seconds to wait for another writer. The driver's default of 30 is as long as a whole request may take.
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
