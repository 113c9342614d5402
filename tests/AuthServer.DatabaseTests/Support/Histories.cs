using AuthServer.Data;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace AuthServer.DatabaseTests.Support;

/// <summary>Statements that give a database the history of another version's migrations.</summary>
internal static class Histories
{
    /// <summary>A migration that no version of the program has.</summary>
    public const string Later = "20991231235959_Later";

    /// <summary>An "Initial" that was replaced.</summary>
    public const string Replaced = "20261101000000_Initial";

    public const string AddLater =
        $"INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('{Later}', '10.0.0')";

    public const string Replace =
        $"UPDATE \"__EFMigrationsHistory\" SET \"MigrationId\" = '{Replaced}' WHERE \"MigrationId\" LIKE '%\\_Initial' ESCAPE '\\'";

    /// <summary>The name by which the operator knows the database.</summary>
    public static string NameOf(TestDatabase database, string connectionString) => database.Provider switch
    {
        DatabaseProvider.Postgres => $"'{new NpgsqlConnectionStringBuilder(connectionString).Database}'",
        DatabaseProvider.SqlServer => $"'{new SqlConnectionStringBuilder(connectionString).InitialCatalog}'",
        _ => SqliteFile.PathOf(connectionString),
    };
}
