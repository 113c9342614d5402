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

    // ALTER DATABASE found somebody else connected.
    private static readonly int[] InUse = [1222, 5061, 5069, 5070];

    /// <summary>
    /// It takes the only connection and the right to alter the database. Without either the operator is told by <see cref="Advice"/>;
    /// nobody is thrown out for it.
    /// </summary>
    /// <returns>False when another attempt may succeed: other nodes that start at the same time go away again.</returns>
    public static async Task<bool> TryUseAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.ExecuteSqlRawAsync($"{SwitchOn} WITH NO_WAIT", cancellationToken);
            return true;
        }
        catch (SqlException exception)
        {
            // A connection that waits in this node's pool would be in the others' way.
            SqlConnection.ClearPool((SqlConnection)context.Database.GetDbConnection());
            return !exception.Errors.Cast<SqlError>().Any(error => InUse.Contains(error.Number)) || await AreOnAsync(context, cancellationToken);
        }
    }
}
