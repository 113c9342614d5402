using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AuthServer.DatabaseTests.Data;

/// <summary>
/// A database of the first release that is brought to the newest schema keeps every row and every value. If a release drops a column of
/// the baseline on purpose, one release after it was last read, this test has to name that column.
/// </summary>
public abstract class BaselineUpgradeTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task Every_row_of_every_table_keeps_its_values_through_all_migrations()
    {
        var node = await BaselineNodeAsync();
        var before = await RowsAsync(node);

        await node.MigrateAsync();

        await node.DoAsync<AuthDbContext, bool>(context =>
        {
            var newest = context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables;
            Assert.Equal([], Lost(Columns(Baseline.Tables(context)), Columns(newest)));
            return Task.FromResult(true);
        });
        Assert.Equal([], Lost(before, await RowsAsync(node)));
    }

    [Fact]
    public async Task Every_table_of_the_baseline_has_rows_to_keep()
    {
        var node = await BaselineNodeAsync();

        await node.DoAsync<AuthDbContext>(async context =>
        {
            var tables = Baseline.Tables(context);
            Assert.NotEmpty(tables);
            await context.Database.OpenConnectionAsync();
            foreach (var table in tables)
            {
                Assert.True(
                    (await TableContents.ReadAsync(context, table)).Count is 2,
                    $"{table.Name} has no rows; BaselineRows has to insert two.");
            }
        });
    }

    // No migration loses anything, so only this shows that the comparison would find a loss.
    [Theory]
    [InlineData("UPDATE \"Roles\" SET \"Name\" = 'another'")]
    [InlineData("UPDATE \"Users\" SET \"DisplayName\" = NULL")]
    [InlineData("DELETE FROM \"Leases\"")]
    public async Task A_migration_that_loses_data_would_be_found(string destructive)
    {
        var node = await BaselineNodeAsync();
        var before = await RowsAsync(node);

        await node.SqlAsync(destructive);

        Assert.NotEmpty(Lost(before, await RowsAsync(node)));
    }

    private static IEnumerable<string> Lost(IEnumerable<string> before, IEnumerable<string> after) => before.Except(after);

    private static IEnumerable<string> Columns(IEnumerable<ITable> tables) =>
        tables.SelectMany(table => table.Columns.Select(column => $"column {table.Name}.{column.Name}"));

    private static Task<IReadOnlyList<string>> RowsAsync(Node node) => node.DoAsync<AuthDbContext, IReadOnlyList<string>>(async context =>
    {
        await context.Database.OpenConnectionAsync();
        return await TableContents.ReadAsync(context, Baseline.Tables(context));
    });

    private async Task<Node> BaselineNodeAsync()
    {
        var node = NodeOn(await Database.CreateAsync());
        await node.DoAsync<AuthDbContext>(async context =>
        {
            await Baseline.MigrateAsync(context);
            await context.Database.OpenConnectionAsync();
            await BaselineRows.InsertAsync(context, Baseline.Tables(context));
        });
        return node;
    }

    public sealed class OnSqlite(SqliteDatabase database) : BaselineUpgradeTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : BaselineUpgradeTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : BaselineUpgradeTests(database), IClassFixture<SqlServerDatabase>;
}
