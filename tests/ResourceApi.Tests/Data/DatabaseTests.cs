using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ResourceApi.Data;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Data;

public sealed class DatabaseTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Fact]
    public void Every_change_of_the_model_has_its_migration()
    {
        using var database = new ApiDbContext(new DbContextOptionsBuilder<ApiDbContext>().UseSqlite("Data Source=:memory:").Options);

        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task The_file_is_in_wal_mode_and_connections_wait_for_each_other()
    {
        var options = new DbContextOptionsBuilder<ApiDbContext>().UseSqlite($"Data Source={running.Api.DatabaseFile}").AddInterceptors(new SqlitePragmas());
        await using var database = new ApiDbContext(options.Options);

        Assert.Equal(["wal"], await database.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync(TestContext.Current.CancellationToken));
        await database.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";
        Assert.Equal(5000L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("resource-api-").FullName;
        var file = ("ConnectionStrings:ResourceApi", (string?)$"Data Source={folder}/kept.db");
        var token = running.Issuer.Token();
        await using (var before = new ResourceApiApp(running.Issuer, settings: file))
        {
            await before.SendAsync(HttpMethod.Post, "/api/notes", token, new { title = "kept" });
        }

        await using (var after = new ResourceApiApp(running.Issuer, settings: file))
        {
            var list = await (await after.GetAsync("/api/notes", token)).JsonAsync();
            Assert.Equal("kept", (string?)Assert.Single(list.AsArray())!["title"]);
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
