using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Data;

public abstract class MigrationTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task The_schema_is_created_from_nothing_and_has_every_table_of_the_model()
    {
        var node = NodeOn(await Database.NoneAsync());

        Assert.NotEmpty(await node.MigrateAsync());

        await node.DoAsync<AuthDbContext>(async context =>
        {
            var names = context.GetService<ISqlGenerationHelper>();
            foreach (var table in context.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct())
            {
                await context.Database.ExecuteSqlRawAsync($"DELETE FROM {names.DelimitIdentifier(table)}");
            }
        });
    }

    [Fact]
    public async Task Migrating_again_does_nothing()
    {
        var node = NodeOn(await Database.CreateAsync());
        var first = await node.MigrateAsync();

        Assert.NotEmpty(first);
        Assert.Empty(await node.MigrateAsync());
        Assert.Equal(
            first, await node.DoAsync<AuthDbContext, IEnumerable<string>>(context => context.Database.GetAppliedMigrationsAsync()));
    }

    [Fact]
    public async Task Pending_migrations_are_listed_before_the_migration_and_none_after()
    {
        var node = NodeOn(await Database.CreateAsync());
        var migrator = node.Services.GetRequiredService<DatabaseMigrator>();

        var pending = await migrator.PendingAsync(TestContext.Current.CancellationToken);

        Assert.Equal(pending, await node.MigrateAsync());
        Assert.Empty(await migrator.PendingAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(12, false)]
    public async Task Several_nodes_that_migrate_one_new_database_at_once_all_succeed(int nodes, bool exists)
    {
        var connectionString = exists ? await Database.CreateAsync() : await Database.NoneAsync();
        var all = Enumerable.Range(0, nodes).Select(_ => NodeOn(connectionString)).ToArray();

        var told = new IReadOnlyList<string>[nodes];
        await Together.RunAsync(nodes, async number => told[number] = await all[number].MigrateAsync());

        var applied = await all[0].DoAsync<AuthDbContext, IEnumerable<string>>(context => context.Database.GetAppliedMigrationsAsync());
        Assert.Equal(all[0].Services.CreateScope().ServiceProvider.GetRequiredService<AuthDbContext>().Database.GetMigrations(), applied);

        // Each node reports the migrations that it has applied itself, and none of another node.
        Assert.Equal(applied, told.SelectMany(each => each));
    }

    [Fact]
    public async Task Reverting_all_migrations_and_applying_them_again_works()
    {
        var node = NodeOn(await Database.CreateAsync());
        await node.MigrateAsync();

        await node.DoAsync<AuthDbContext>(context => context.GetService<IMigrator>().MigrateAsync(Migration.InitialDatabase));

        Assert.NotEmpty(await node.MigrateAsync());
    }

    public sealed class OnSqlite(SqliteDatabase database) : MigrationTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : MigrationTests(database), IClassFixture<PostgresDatabase>
    {
        // EF's own lock would end with each migration.
        [Fact]
        public async Task A_second_node_waits_until_the_first_has_applied_all_its_migrations()
        {
            var connectionString = await Database.CreateAsync();
            Task<IReadOnlyList<string>> waiting;
            await using (await PostgresTurn.TakeAsync(connectionString, CancellationToken.None))
            {
                waiting = NodeOn(connectionString).MigrateAsync();
                await Task.WhenAny(waiting, Task.Delay(1000));
                Assert.False(waiting.IsCompleted);
            }

            Assert.NotEmpty(await waiting);
        }
    }

    public sealed class OnSqlServer(SqlServerDatabase database) : MigrationTests(database), IClassFixture<SqlServerDatabase>
    {
        [Fact]
        public async Task An_existing_database_keeps_row_versions_after_the_migration()
        {
            var node = NodeOn(await Database.CreateAsync());

            await node.MigrateAsync();

            Assert.Null(await node.Services.GetRequiredService<DatabaseMigrator>().AdviceAsync(CancellationToken.None));
        }
    }
}
