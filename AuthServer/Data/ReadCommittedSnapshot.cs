using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// SQL Server's READ_COMMITTED_SNAPSHOT, with which readers do not wait for writers. EF sets it on a database that it
/// creates, but not on an existing one.
/// </summary>
internal static class ReadCommittedSnapshot
{
    public const string Ask = "SELECT is_read_committed_snapshot_on AS [Value] FROM sys.databases WHERE database_id = DB_ID()";
    public const string SwitchOn = "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON";

    public const string Advice =
        $"READ_COMMITTED_SNAPSHOT is off: readers wait for writers. While there is no other connection, run: {SwitchOn}";

    public static Task<bool> AreOnAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        context.Database.SqlQueryRaw<bool>(Ask).SingleAsync(cancellationToken);

    // Errors of ALTER DATABASE when there are other connections.
    private static readonly int[] InUse = [1222, 5061, 5069, 5070];

    /// <summary>
    /// Needs the right to alter the database and no other connection to it. If one of the two is missing, <see cref="Advice"/> tells the
    /// operator. Other connections are never closed.
    /// </summary>
    /// <returns>False if another attempt may succeed, because other nodes that start at the same time will disconnect.</returns>
    public static async Task<bool> TryUseAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.ExecuteSqlRawAsync($"{SwitchOn} WITH NO_WAIT", cancellationToken);
            return true;
        }
        catch (SqlException exception)
        {
            // An idle connection in this node's pool would block the other nodes.
            SqlConnection.ClearPool((SqlConnection)context.Database.GetDbConnection());
            return !exception.Errors.Cast<SqlError>().Any(error => InUse.Contains(error.Number))
                || await AreOnAsync(context, cancellationToken);
        }
    }
}
