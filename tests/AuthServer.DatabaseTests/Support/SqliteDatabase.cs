using AuthServer.Data;
using Microsoft.Data.Sqlite;

namespace AuthServer.DatabaseTests.Support;

public sealed class SqliteDatabase : TestDatabase
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-sqlite-");
    private int databases;

    internal override DatabaseProvider Provider => DatabaseProvider.Sqlite;

    internal override string? Missing => null;

    internal override Task<string> CreateAsync() => NoneAsync();

    internal override Task<string> NoneAsync() =>
        Task.FromResult($"Data Source={Path.Combine(folder.FullName, $"{Interlocked.Increment(ref databases)}", "authserver.db")}");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
