namespace ResourceApi.Data;

/// <summary>The file and its folder, where there are none, for nobody but the account that runs the API: SQLite would let all read.</summary>
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

        // An empty file is an empty database; -wal and -shm get the modes of the file that they belong to.
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        File.Open(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }).Dispose();
    }
}
