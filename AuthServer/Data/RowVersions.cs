using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// SQL Server's READ_COMMITTED_SNAPSHOT, with which readers do not wait for writers. EF sets it on a database that it
/// creates, not on one that it finds.
/// </summary>
internal static class RowVersions
{
    public const string Ask = "SELECT is_read_committed_snapshot_on AS [Value] FROM sys.databases WHERE database_id = DB_ID()";
    public const string SwitchOn = "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON";

    public const string Advice =
        $"READ_COMMITTED_SNAPSHOT is off: readers wait for writers. With nobody else connected, run: {SwitchOn}";

    public static Task<bool> AreOnAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        context.Database.SqlQueryRaw<bool>(Ask).SingleAsync(cancellationToken);

    // It takes the only connection and the right to alter the database. Who lacks either is told by Advice; nobody is
    // thrown out for it.
    public static async Task TryUseAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.ExecuteSqlRawAsync($"{SwitchOn} WITH NO_WAIT", cancellationToken);
        }
        catch (SqlException)
        {
            // Whoever asks next sees what has come of it.
        }
    }
}
