namespace ResourceApi.Data;

/// <summary>
/// Creates the file and its folder, if missing, readable only by the account that runs the API. SQLite would let everyone read
/// them.
/// </summary>
internal static class DatabaseFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Create(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (File.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        // An empty file is an empty database. SQLite gives -wal and -shm the mode of this file.
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        File.Open(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly })
            .Dispose();
    }
}
