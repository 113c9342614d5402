using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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
        await using var scope = running.Api.Services.CreateAsyncScope();
        var pragmas = scope.ServiceProvider.GetRequiredService<ApiDbContext>().Database.SqlQuery<string>(
            $"""
            SELECT (SELECT journal_mode FROM pragma_journal_mode) || ' ' || (SELECT timeout FROM pragma_busy_timeout)
                || ' ' || (SELECT synchronous FROM pragma_synchronous) AS Value
            """);

        Assert.Equal("wal 5000 1", await pragmas.SingleAsync());
    }

    [Fact]
    public async Task A_killed_migration_does_not_block_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("resource-api-").FullName;
        var settings = ("ConnectionStrings:ResourceApi", (string?)$"Data Source={folder}/locked.db");
        await using (var connection = new SqliteConnection(settings.Item2))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-24 00:00:00');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using (var api = await Task.Run(() => new ResourceApiApp(running.Issuer, settings: settings))
            .WaitAsync(TimeSpan.FromSeconds(20)))
        {
            Assert.True((await api.GetAsync("/api/notes", running.Issuer.Token())).IsSuccessStatusCode);
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Written_notes_are_still_there_after_a_restart()
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
