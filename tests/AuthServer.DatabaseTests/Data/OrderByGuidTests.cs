using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.Data;

/// <summary>What every node of these tests and every server of AuthServer.Tests refuses.</summary>
public sealed class OrderByGuidTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task The_latest_by_id_is_refused()
    {
        await using var node = database.NodeOn(await database.MigratedAsync());

        await node.DoAsync<AuthDbContext>(async context =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.SessionEvents.OrderByDescending(entry => entry.Id).FirstOrDefaultAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(() => (from session in context.Sessions orderby session.Id select session.UserId).FirstOrDefaultAsync());
        });
    }

    [Fact]
    public async Task A_walk_from_where_the_last_batch_ended_is_not_and_neither_is_a_tie()
    {
        await using var node = database.NodeOn(await database.MigratedAsync());

        await node.DoAsync<AuthDbContext>(async context =>
        {
            Assert.Empty(await context.Sessions.Where(session => session.Id > Guid.Empty).OrderBy(session => session.Id).Take(5).ToListAsync());
            Assert.Empty(await context.Sessions.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id).ToListAsync());
        });
    }
}
