using Microsoft.Data.Sqlite;

namespace ResourceApi.Data;

/// <summary>The section <c>ConnectionStrings</c>: the API's own database.</summary>
internal sealed class DataOptions
{
    public const string Section = "ConnectionStrings";
    public const string Key = $"{Section}:{nameof(ResourceApi)}";

    /// <summary>
    /// The connection string of the API's own SQLite database. A relative path begins in the working directory. A missing file or folder is
    /// created so that only this account can read it.
    /// </summary>
    /// <value>a SQLite file</value>
    public string ResourceApi { get; set; } = "Data Source=resourceapi.db";

    /// <summary>Null if the connection string names no file.</summary>
    internal string? DatabaseFile
    {
        get
        {
            try
            {
                var sqlite = new SqliteConnectionStringBuilder(ResourceApi);
                return sqlite.Mode is SqliteOpenMode.Memory
                    || sqlite.DataSource is "" or ":memory:"
                    || sqlite.DataSource.StartsWith("file:", StringComparison.Ordinal)
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
