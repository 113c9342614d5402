using Microsoft.Data.Sqlite;

namespace ResourceApi.Data;

/// <summary>Section <c>ConnectionStrings</c>.</summary>
internal sealed class DataOptions
{
    /// <summary>
    /// SQLite connection string. Default: <c>Data Source=resourceapi.db</c>, in the working directory. File and directory
    /// are created when they are missing, for this account only.
    /// </summary>
    public string ResourceApi { get; set; } = "Data Source=resourceapi.db";

    /// <summary>Null when there is no path in it.</summary>
    internal string? DatabaseFile
    {
        get
        {
            try
            {
                var sqlite = new SqliteConnectionStringBuilder(ResourceApi);
                return sqlite.Mode is SqliteOpenMode.Memory || sqlite.DataSource is "" or ":memory:" || sqlite.DataSource.StartsWith("file:", StringComparison.Ordinal)
                    ? null
                    : sqlite.DataSource;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
