using Microsoft.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>The file behind a SQLite connection string.</summary>
internal static class SqliteFile
{
    // What a FileShare.None that somebody else holds looks like: EAGAIN on Linux and macOS, a sharing violation on Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    public static string PathOf(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        return Path.GetFullPath(connection.DataSource);
    }

    /// <summary>Takes a lock that goes with its process however that ends. Null while another process has it.</summary>
    /// <exception cref="IOException">The folder cannot be made or not be written to.</exception>
    public static FileStream? TryLock(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (InUse.Contains(exception.HResult))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"ConnectionStrings:AuthServer is in a folder that cannot be written to: {exception.Message}", exception);
        }
    }
}
