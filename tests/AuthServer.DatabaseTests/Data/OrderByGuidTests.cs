using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.Data;

/// <summary>The queries that every node of these tests and every server of AuthServer.Tests refuses.</summary>
public sealed class OrderByGuidTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_query_for_the_latest_row_by_id_is_refused()
    {
        await using var node = database.NodeOn(await database.MigratedAsync());

        await node.DoAsync<AuthDbContext>(async context =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => context.SessionEvents.OrderByDescending(entry => entry.Id).FirstOrDefaultAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => (from session in context.Sessions orderby session.Id select session.UserId).FirstOrDefaultAsync());
        });
    }

    [Fact]
    public async Task A_walk_in_batches_and_an_id_as_the_second_order_are_allowed()
    {
        await using var node = database.NodeOn(await database.MigratedAsync());

        await node.DoAsync<AuthDbContext>(async context =>
        {
            Assert.Empty(
                await context.Sessions.Where(session => session.Id > Guid.Empty).OrderBy(session => session.Id).Take(5).ToListAsync());
            Assert.Empty(await context.Sessions.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id).ToListAsync());
        });
    }
}
