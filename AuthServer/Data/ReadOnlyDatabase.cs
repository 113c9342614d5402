using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Finds out whether the connected database is read-only, like a standby that was not promoted. The server cannot work with it, because
/// each sign-in and refresh writes.
/// </summary>
internal static class ReadOnlyDatabase
{
    private const string AskPostgres = """SELECT current_setting('transaction_read_only') = 'on' AS "Value" """;

    private const string AskSqlServer =
        "SELECT CAST(CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN 1 ELSE 0 END AS bit) AS [Value]";

    public static Task<bool> IsMetAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        context.Database.IsNpgsql() ? context.Database.SqlQueryRaw<bool>(AskPostgres).SingleAsync(cancellationToken)
        : context.Database.IsSqlServer() ? context.Database.SqlQueryRaw<bool>(AskSqlServer).SingleAsync(cancellationToken)
        : Task.FromResult(false);
}
