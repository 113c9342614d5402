using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Pruning;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using Rig;
using static AuthServer.Connect.Refresh.RefreshTokenRotation.Outcome;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Sessions;

public abstract class PruningTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly (string, string?)[] NoPause = [("Pruning:Pause", "00:00:00"), ("Pruning:BatchSize", "200")];
    private static readonly (string, string?)[] LongPause = [("Pruning:Pause", "00:00:01"), ("Pruning:BatchSize", "200")];
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private string connectionString = "";

    private int Many => Database.Provider is DatabaseProvider.Postgres ? 5000 : 1100;

    [Fact]
    public async Task Long_expired_sessions_are_deleted_in_batches_with_all_dependent_rows_and_the_rest_stays()
    {
        var node = await SeededAsync(NoPause);
        var living = await SignIns.BeginAsync(node);
        var recent = await SessionAsync(node, created: -40, expires: -29);
        await TokenAsync(node);

        var expected = await node.DoAsync<PruningRun, PruneReport>(pruning => pruning.CountAsync(CancellationToken.None));
        var report = await RunAsync(node);

        Assert.Equal((Many, 1), (report!.Sessions, report.Tokens));
        Assert.Equal($"{expected}", $"{report}");
        Assert.Equal((2, 1, 1, 0), await CountAsync(node));
        Assert.Equal(recent, await node.DoAsync<AuthDbContext, Guid>(context =>
            context.Sessions.OrderBy(session => session.ExpiresAt).Select(session => session.Id).FirstAsync()));
        Assert.Equal(Redeemed, (await SignIns.RedeemAsync(node, living, Leeway)).Outcome);
    }

    [Fact]
    public async Task A_stopped_run_keeps_its_progress_and_the_next_run_continues()
    {
        var node = await SeededAsync(LongPause);
        using var stop = new CancellationTokenSource();
        var report = new PruneReport();
        var run = node.DoAsync<PruningRun, bool>(pruning => pruning.RunAsync(report, stop.Token));
        await UntilAsync(() => report.Sessions > 0);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var left = (await CountAsync(node)).Sessions;
        Assert.Equal(Many, left + report.Sessions);
        Assert.InRange(left, 1, Many - 1);
        Assert.Equal(left, (await RunAsync(Beside(NoPause)))!.Sessions);
    }

    [Fact]
    public async Task Two_nodes_do_not_prune_at_the_same_time()
    {
        var node = await SeededAsync(LongPause);
        var other = Beside(NoPause);
        using var stop = new CancellationTokenSource();
        var report = new PruneReport();
        var run = node.DoAsync<PruningRun, bool>(pruning => pruning.RunAsync(report, stop.Token));
        await UntilAsync(() => report.Sessions > 0);

        Assert.Null(await RunAsync(other));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.NotNull(await RunAsync(other));
    }

    [Fact]
    public async Task The_lease_of_a_dead_node_is_free_after_its_expiry()
    {
        var node = await SeededAsync(NoPause);
        Assert.True(await TakeAsync(node, Guid.CreateVersion7()));
        Assert.Null(await RunAsync(node));

        node.Clock.Advance(PruningRun.LeaseDuration);

        Assert.NotNull(await RunAsync(node));
    }

    [Fact]
    public async Task Of_many_concurrent_requests_for_a_lease_one_gets_it()
    {
        var node = await SeededAsync(NoPause);

        Assert.Single(await Together.RunAsync(8, _ => TakeAsync(node, Guid.CreateVersion7())), true);
    }

    [Fact]
    public async Task A_run_that_has_lost_its_lease_leaves_the_rest_to_the_other_node()
    {
        var node = await SeededAsync(LongPause);
        var other = Beside(NoPause);
        var report = new PruneReport();
        var run = node.DoAsync<PruningRun, bool>(pruning => pruning.RunAsync(report, CancellationToken.None));
        await UntilAsync(() => report.Sessions > 0);
        other.Clock.Advance(PruningRun.LeaseDuration);
        Assert.True(await TakeAsync(other, Guid.CreateVersion7()));

        node.Clock.Advance(PruningRun.LeaseDuration / 2);
        await UntilAsync(() =>
        {
            node.Clock.Advance(TimeSpan.FromSeconds(1));
            return run.IsCompleted;
        });

        Assert.True(await run);
        Assert.Equal(200, report.Sessions);
    }

    [Fact]
    public async Task Lineage_of_a_long_session_is_kept_as_long_as_other_lineage_and_its_beginning_stays()
    {
        var node = await SeededAsync(NoPause);
        await RunAsync(node);
        var session = await SessionAsync(node, created: -90, expires: 90);
        await node.DoAsync<AuthDbContext>(context =>
        {
            context.AddRange(
                Event(SessionEventKind.Issued, -90),
                Event(SessionEventKind.Refreshed, -60),
                Event(SessionEventKind.LeewayHit, -31),
                Event(SessionEventKind.Refreshed, -29));
            return context.SaveChangesAsync();
        });

        Assert.Equal(2, (await RunAsync(node))!.Events);

        Assert.Equal(
            [SessionEventKind.Issued, SessionEventKind.Refreshed], await node.DoAsync<AuthDbContext, List<SessionEventKind>>(context =>
                context.SessionEvents.Where(entry => entry.SessionId == session).OrderBy(entry => entry.At)
                    .Select(entry => entry.Kind).ToListAsync()));

        SessionEvent Event(SessionEventKind kind, int days) =>
            new() { SessionId = session, At = node.Clock.GetUtcNow().AddDays(days), Kind = kind };
    }

    [Fact]
    public async Task Lineage_is_deleted_in_batches_of_rows_however_they_are_spread_over_the_sessions()
    {
        var node = await SeededAsync(NoPause);
        await RunAsync(node);
        var largest = new LargestDelete();
        node = NodeOn(connectionString, services => largest.Watch(services), NoPause);
        var sessions = new List<Guid>();
        for (var count = 0; count < 4; count++)
        {
            sessions.Add(await SessionAsync(node, created: -90, expires: 90));
        }

        var old = node.Clock.GetUtcNow().AddDays(-60);
        int[] events = [1, 150, 150, 900];
        await node.DoAsync<AuthDbContext>(context =>
        {
            context.AddRange(sessions.SelectMany((session, index) => Enumerable.Range(0, events[index])
                .Select(
                    second => new SessionEvent { SessionId = session, At = old.AddSeconds(second), Kind = SessionEventKind.Refreshed })));
            return context.SaveChangesAsync();
        });

        Assert.Equal(events.Sum(), (await RunAsync(node))!.Events);
        Assert.InRange(largest.Rows, 1, 200);
    }

    [Fact]
    public async Task Revoked_access_tokens_and_unused_authorizations_are_deleted_and_consents_stay()
    {
        var node = await SeededAsync(NoPause);
        await RunAsync(node);
        var old = node.Clock.GetUtcNow().AddDays(-31).UtcDateTime;
        await node.DoAsync<AuthDbContext>(context =>
        {
            context.AddRange(
                new RevokedToken { Id = $"gone-{Guid.CreateVersion7():N}"[..32], ExpiresAt = node.Clock.GetUtcNow().AddDays(-2) },
                new RevokedToken { Id = $"kept-{Guid.CreateVersion7():N}"[..32], ExpiresAt = node.Clock.GetUtcNow() },
                new Authorization { CreationDate = old, Status = Statuses.Revoked, Type = AuthorizationTypes.AdHoc },
                new Authorization { CreationDate = old, Status = Statuses.Valid, Type = AuthorizationTypes.AdHoc },
                new Authorization { CreationDate = old, Status = Statuses.Valid, Type = AuthorizationTypes.Permanent },
                new Authorization { CreationDate = old, Status = Statuses.Revoked, Type = AuthorizationTypes.Permanent },
                new Authorization { CreationDate = old.AddDays(2), Status = Statuses.Revoked, Type = AuthorizationTypes.AdHoc });
            return context.SaveChangesAsync();
        });

        var report = (await RunAsync(node))!;

        Assert.Equal((1, 2), (report.RevokedTokens, report.Authorizations));
    }

    // A separate database, because each of these tests looks at all rows.
    private async Task<Node> SeededAsync((string, string?)[] settings)
    {
        connectionString = await Database.CreateAsync();
        var node = NodeOn(connectionString, settings: settings);
        await node.MigrateAsync();
        var user = await SignIns.AddUserAsync(node);
        await SignIns.AddClientAsync(node);
        var expired = node.Clock.GetUtcNow().AddDays(-31);
        await node.DoAsync<AuthDbContext>(async context =>
        {
            if (IsSqlServer)
            {
                context.AddRange(
                    Enumerable.Range(0, Many).Select(number => Session(user.Id, expired.AddDays(-30), expired.AddSeconds(-number))));
                await context.SaveChangesAsync();
                return;
            }

            await context.Database.OpenConnectionAsync();
            await ExpiredSessions.SeedAsync(context.Database.GetDbConnection(), Many, expired);
        });
        return node;
    }

    private Node Beside((string, string?)[] settings) => NodeOn(connectionString, settings: settings);

    private static async Task<PruneReport?> RunAsync(Node node)
    {
        var report = new PruneReport();
        return await node.DoAsync<PruningRun, bool>(pruning => pruning.RunAsync(report, CancellationToken.None)) ? report : null;
    }

    private static Task<bool> TakeAsync(Node node, Guid owner) =>
        node.DoAsync<Leases, bool>(
            leases => leases.TryTakeAsync(PruningRun.LeaseName, owner, PruningRun.LeaseDuration, CancellationToken.None));

    private static Task<Guid> SessionAsync(Node node, int created, int expires) => node.DoAsync<AuthDbContext, Guid>(async context =>
    {
        var now = node.Clock.GetUtcNow();
        var session = Session(await context.Users.Select(user => user.Id).FirstAsync(), now.AddDays(created), now.AddDays(expires));
        context.Add(session);
        await context.SaveChangesAsync();
        return session.Id;
    });

    private static Task TokenAsync(Node node) => node.DoAsync<AuthDbContext>(context =>
    {
        var now = node.Clock.GetUtcNow().UtcDateTime;
        context.AddRange(new Token { ExpirationDate = now.AddDays(-2) }, new Token { ExpirationDate = now.AddDays(1) }, new Token());
        return context.SaveChangesAsync();
    });

    private static Session Session(Guid user, DateTimeOffset created, DateTimeOffset expires) => new()
    {
        UserId = user,
        CreatedAt = created,
        AuthenticatedAt = created,
        LastSeenAt = created,
        ExpiresAt = expires,
        Methods = "pwd",
        SecurityStamp = "",
    };

    private static Task<(int Sessions, int Authorizations, int Events, int ExpiredTokens)> CountAsync(Node node) =>
        node.DoAsync<AuthDbContext, (int, int, int, int)>(async context => (
            await context.Sessions.CountAsync(),
            await context.Authorizations.CountAsync(),
            await context.SessionEvents.CountAsync(),
            await context.Set<Token>().CountAsync(token => token.ExpirationDate < node.Clock.GetUtcNow().UtcDateTime)));

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var patience = 0; !condition(); patience++)
        {
            Assert.True(patience < 600, "It never came.");
            await Task.Delay(50);
        }
    }

    public sealed class OnSqlite(SqliteDatabase database) : PruningTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : PruningTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : PruningTests(database), IClassFixture<SqlServerDatabase>;
}
