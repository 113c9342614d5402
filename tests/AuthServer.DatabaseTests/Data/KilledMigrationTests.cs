using System.Diagnostics;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AuthServer.DatabaseTests.Data;

/// <summary>If a process is killed during a migration, the next process can continue.</summary>
public static class KilledMigrationTests
{
    private static readonly string[] Migrate = ["migrate"];
    private static readonly (string, string?)[] Unprotected = [("Keys:AllowUnprotectedKeyRing", "true")];

    public sealed class OnSqlite(SqliteDatabase database) : ProviderTests(database), IClassFixture<SqliteDatabase>
    {
        [Theory]
        [InlineData(0)]
        [InlineData(10)]
        [InlineData(40)]
        [InlineData(160)]
        public async Task After_a_kill_at_any_moment_the_next_process_succeeds(int milliseconds)
        {
            var connectionString = await Database.NoneAsync();
            await using (var first = AuthServerProcess.Start(Database.Provider, connectionString, Migrate, settings: Unprotected))
            {
                await UntilAsync(() => Task.FromResult(File.Exists(SqliteFile.PathOf(connectionString) + ".migrating")));
                await Task.Delay(milliseconds);
                await first.KillAsync();
            }

            await NextOneSucceedsAsync(Database, connectionString);
        }

        [Fact]
        public async Task Nobody_waits_for_the_lock_row_of_a_dead_process()
        {
            var connectionString = await Database.CreateAsync();
            Directory.CreateDirectory(Path.GetDirectoryName(SqliteFile.PathOf(connectionString))!);
            await NodeOn(connectionString).DoAsync<AuthDbContext>(
                context => context.GetService<IHistoryRepository>().AcquireDatabaseLockAsync());

            await NextOneSucceedsAsync(Database, connectionString);
        }

        [Fact]
        public async Task A_second_process_waits_for_a_living_one()
        {
            var node = NodeOn(await Database.CreateAsync());
            Task<IReadOnlyList<string>> waiting;
            await using (SqliteFile.TryLock(SqliteFile.PathOf(await Database.MigratedAsync()) + ".migrating"))
            {
                var other = await NodeAsync();
                waiting = other.MigrateAsync();
                await node.MigrateAsync();
                Assert.False(waiting.IsCompleted);
            }

            Assert.Empty(await waiting);
        }
    }

    public sealed class OnPostgres(PostgresDatabase database) : ProviderTests(database), IClassFixture<PostgresDatabase>
    {
        [Fact]
        public async Task After_a_kill_between_two_tables_the_next_process_succeeds()
        {
            var connectionString = await Database.CreateAsync();
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                // The first process gets as far as the table of this name, and then waits for this transaction.
                await ExecuteAsync(connection, """CREATE TABLE "Tokens" ("Id" int)""");
                await using var first = AuthServerProcess.Start(Database.Provider, connectionString, Migrate, settings: Unprotected);
                await UntilAsync(
                    async () => (bool)(await ExecuteAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"))!);
                await first.KillAsync();
            }

            await NextOneSucceedsAsync(Database, connectionString);
        }

        private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
    }

    private static async Task NextOneSucceedsAsync(TestDatabase database, string connectionString)
    {
        await using var next = AuthServerProcess.Start(database.Provider, connectionString, Migrate, settings: Unprotected);
        Assert.True(await next.ExitCodeAsync() is 0, next.Complaint);

        await using var node = database.NodeOn(connectionString);
        await node.Keys.LoadAsync(CancellationToken.None);
        Assert.Empty(await node.MigrateAsync());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(2))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "It has not come to it.");
        }
    }
}
