using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AuthServer.Data;

/// <summary>
/// Knows which driver errors mean that the database is unreachable, overloaded or read-only, so that the same request may succeed later.
/// It lists error numbers, because SqlClient marks no error as transient and Npgsql not all of them.
/// </summary>
internal static class DatabaseErrors
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteReadOnly = 8;
    private const int SqliteIoError = 10;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;

    // From this severity on SQL Server closes the connection. Errors while connecting have it, too.
    private const byte SqlServerFatal = 20;

    // learn.microsoft.com, "Database engine errors" and "Transient fault error codes".
    private static readonly HashSet<int> SqlServerNumbers =
    [
        -2, // the command took too long
        -1, 2, 20, 53, 64, 121, 233, 258, 995, 997, 1225, 1231, 1236, 10053, 10054, 10060, 10061, 10928, 10929, 11001, 11002, // the network
        701, 802, 1101, 1105, 1203, 1204, 1205, 1221, 1222, 8628, 8645, 8651, 9002, // memory, space, locks
        922, 924, 927, 945, 952, 976, 978, 979, 981, 983, 4060, 4221, // the database is starting, stopping or absent
        3906, 3908, // the database is read-only: a secondary replica
        596, 6005, 6006, 18401, 18451, 18456, // the server is shutting down; logins fail first
        40143, 40166, 40197, 40501, 40540, 40544, 40549, 40550, 40551, 40552, 40553, 40613, 40615, 42108, 42109, 49918, 49919,
        49920, // Azure SQL
    ];

    // PostgreSQL's appendix A. 08: connection, 53: resources, 57P: an operator stops it, 58: the system.
    private static readonly string[] PostgresClasses = ["08", "53", "57P", "58"];

    private static readonly HashSet<string> PostgresStates = new(StringComparer.Ordinal)
    {
        "25006", // the database is read-only: a standby
        "40001", "40P01", "55006", "55P03", "57014", // locks, a statement that took too long
    };

    public static bool AreAway(Exception inner) => ConnectionFailures.Has(inner) || inner switch
    {
        RetryLimitExceededException => true,
        SqliteException sqlite =>
            sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked or SqliteReadOnly or SqliteIoError or SqliteFull or SqliteCannotOpen,
        SqlException sqlServer => IsSqlServerAway(sqlServer.Number, sqlServer.Class),
        PostgresException postgres => IsPostgresAway(postgres.SqlState) || postgres.IsTransient,
        DbException database => database.IsTransient,
        _ => false,
    };

    /// <summary>True if another process has been writing to the SQLite file for longer than this one waits.</summary>
    public static bool IsAnotherWriting(Exception inner) => inner is SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked };

    public static bool IsSqlServerAway(int number, byte severity) => severity >= SqlServerFatal || SqlServerNumbers.Contains(number);

    /// <summary>True if another node may be creating the same database at this moment.</summary>
    public static bool IsAnotherCreating(DbException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => false,
        _ when AreAway(exception) => true,
        SqlException { Number: 1801 or 1802 or 1807 or 5061 or 5069 } => true,
        PostgresException { SqlState: PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation } => true,
        _ => false,
    };

    public static bool IsPostgresAway(string state) =>
        PostgresStates.Contains(state) || Array.Exists(PostgresClasses, start => state.StartsWith(start, StringComparison.Ordinal));
}
