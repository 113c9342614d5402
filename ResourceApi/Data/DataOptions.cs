using Microsoft.Data.Sqlite;

namespace ResourceApi.Data;

/// <summary>Section <c>ConnectionStrings</c>.</summary>
internal sealed class DataOptions
{
    /// <summary>SQLite connection string. Required. The directory is created when it is missing.</summary>
    public string? ResourceApi { get; set; }

    internal string? DatabaseFile
    {
        get
        {
            try
            {
                return new SqliteConnectionStringBuilder(ResourceApi).DataSource is { Length: > 0 } file ? file : null;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
