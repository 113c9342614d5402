using System.Diagnostics;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.Data;

/// <summary>The settings that let several requests use one SQLite file.</summary>
public sealed class SqliteTests(SqliteDatabase database) : ProviderTests(database), IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Every_connection_uses_the_write_ahead_log_and_waits_for_other_writers()
    {
        var node = await NodeAsync();

        Assert.Equal("wal", await PragmaAsync<string>(node, "journal_mode"));
        Assert.Equal(10_000, await PragmaAsync<int>(node, "busy_timeout", "timeout"));
        Assert.Equal(1, await PragmaAsync<int>(node, "foreign_keys"));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("false", 1)]
    [InlineData("true", 2)]
    public async Task A_commit_survives_a_power_cut_if_the_settings_require_it(string? full, int synchronous)
    {
        var node = NodeOn(await Database.MigratedAsync(), settings: [("Database:SynchronousFull", full)]);

        Assert.Equal(synchronous, await PragmaAsync<int>(node, "synchronous"));
    }

    [Fact]
    public async Task Concurrent_writers_all_succeed()
    {
        var node = await NodeAsync();

        await Together.RunAsync(32, async number =>
        {
            for (var round = 0; round < 10; round++)
            {
                await AddAsync(node, $"writer-{number}-{round}");
            }

            return true;
        });

        Assert.Equal(
            320, await node.DoAsync<AuthDbContext, int>(context => context.Users.CountAsync(user => user.UserName!.StartsWith("writer-"))));
    }

    [Fact]
    public async Task A_writer_waits_for_a_slow_writer_and_readers_do_not()
    {
        var node = await NodeAsync();
        await using var other = new SqliteConnection(await Database.MigratedAsync());
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();

        var clock = Stopwatch.StartNew();
        var writing = Task.Run(() => AddAsync(node, "patient"));
        Assert.False(await node.DoAsync<AuthDbContext, bool>(context => context.Users.AnyAsync(user => user.UserName == "patient")));
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(writing.IsCompleted);
        await transaction.CommitAsync();
        await writing;

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60));
    }

    private static Task<T> PragmaAsync<T>(Node node, string name, string? column = null) =>
        node.DoAsync<AuthDbContext, T>(
            context => context.Database.SqlQueryRaw<T>($"SELECT \"{column ?? name}\" AS \"Value\" FROM pragma_{name}").SingleAsync());

    private static Task AddAsync(Node node, string name) => node.DoAsync<AuthDbContext>(context =>
    {
        context.Users.Add(new User { UserName = name });
        return context.SaveChangesAsync();
    });

    [Fact]
    public async Task Created_files_are_readable_by_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var connectionString = await Database.NoneAsync();
        var node = NodeOn(connectionString);
        await node.MigrateAsync();
        await AddAsync(node, "somebody");

        var folder = new DirectoryInfo(Path.GetDirectoryName(SqliteFile.PathOf(connectionString))!);
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, folder.UnixFileMode);
        Assert.All(folder.GetFiles("authserver.db*"), file => Assert.Equal(Owner, file.UnixFileMode));
        Assert.Contains(folder.GetFiles(), file => file.Name is "authserver.db-wal");
    }
}
