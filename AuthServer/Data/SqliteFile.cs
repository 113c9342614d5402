using Microsoft.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>The file behind a SQLite connection string.</summary>
internal static class SqliteFile
{
    // The error if another process has opened the file with FileShare.None: EAGAIN on Linux and macOS, a sharing violation on Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    public static string PathOf(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        return Path.GetFullPath(connection.DataSource);
    }

    /// <summary>
    /// Takes a lock that the system releases when the process ends, however it ends. Null while another process holds it.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be created or written to.</exception>
    public static FileStream? TryLock(string path)
    {
        try
        {
            CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, OwnersOnly(FileShare.None));
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

    /// <summary>
    /// Creates the file if it does not exist. Only its owner may read it, because it holds keys and personal data. SQLite gives the files
    /// beside it the same mode.
    /// </summary>
    public static void Create(string path)
    {
        if (!File.Exists(path))
        {
            using var file = new FileStream(path, OwnersOnly(FileShare.ReadWrite | FileShare.Delete));
        }
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions OwnersOnly(FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
