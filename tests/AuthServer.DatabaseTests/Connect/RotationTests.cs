using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static AuthServer.Connect.Refresh.RefreshTokenRotation.Outcome;

namespace AuthServer.DatabaseTests.Connect;

public abstract class RotationTests(TestDatabase database) : ProviderTests(database)
{
    private const int Many = 16;

    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Of_concurrent_requests_on_two_nodes_one_redeems_and_the_others_get_the_same_successor()
    {
        var nodes = await NodesAsync();
        var token = await SignIns.BeginAsync(nodes[0]);

        var results = await RedeemTogetherAsync(nodes, token, Leeway);

        Assert.Single(results, result => result.Outcome is Redeemed);
        Assert.All(results, result => Assert.Contains(result.Outcome, new[] { Redeemed, Repeated }));
        var successor = Assert.Single(results.Select(result => result.Successor).Distinct());
        Assert.Equal(2, successor.Generation);
        Assert.Equal(Redeemed, (await SignIns.RedeemAsync(nodes[1], successor, Leeway)).Outcome);
        Assert.Equal(Many - 1, await EventsAsync(nodes[0], token, SessionEventKind.LeewayHit));
        Assert.Equal(2, await EventsAsync(nodes[0], token, SessionEventKind.Refreshed));
    }

    [Fact]
    public async Task Without_leeway_one_of_many_requests_redeems_and_the_others_count_as_reuse()
    {
        var nodes = await NodesAsync();
        var token = await SignIns.BeginAsync(nodes[0]);

        var results = await RedeemTogetherAsync(nodes, token, TimeSpan.Zero);

        Assert.Single(results, result => result.Outcome is Redeemed);
        Assert.Equal(Many - 1, results.Count(result => result.Outcome is Reused));
    }

    [Fact]
    public async Task Without_leeway_a_node_with_a_slow_clock_also_detects_reuse()
    {
        var nodes = await NodesAsync();
        nodes[0].Clock.Advance(TimeSpan.FromSeconds(5));
        var token = await SignIns.BeginAsync(nodes[0]);
        Assert.Equal(Redeemed, (await SignIns.RedeemAsync(nodes[0], token, TimeSpan.Zero)).Outcome);

        Assert.Equal(Reused, (await SignIns.RedeemAsync(nodes[1], token, TimeSpan.Zero)).Outcome);
    }

    [Fact]
    public async Task A_late_replay_gets_the_same_successor_again_even_if_that_is_spent_too()
    {
        var node = await NodeAsync();
        var first = await SignIns.BeginAsync(node);
        node.Clock.Advance(TimeSpan.FromSeconds(3));
        var second = (await SignIns.RedeemAsync(node, first, Leeway)).Successor;
        node.Clock.Advance(TimeSpan.FromSeconds(3));
        var third = (await SignIns.RedeemAsync(node, second, Leeway)).Successor;
        node.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((Repeated, second), await SignIns.RedeemAsync(node, first, Leeway));
        Assert.Equal((Repeated, third), await SignIns.RedeemAsync(node, second, Leeway));
        Assert.Equal(
            (Redeemed, 4),
            await SignIns.RedeemAsync(node, third, Leeway) is var (outcome, fourth) ? (outcome, fourth.Generation) : default);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_the_leeway_a_replay_counts_as_reuse(int generations)
    {
        var node = await NodeAsync();
        var token = await SignIns.BeginAsync(node);
        var next = token;
        for (var generation = 0; generation < generations; generation++)
        {
            next = (await SignIns.RedeemAsync(node, next, Leeway)).Successor;
        }

        node.Clock.Advance(Leeway);

        Assert.Equal(Reused, (await SignIns.RedeemAsync(node, token, Leeway)).Outcome);
    }

    [Fact]
    public async Task A_token_newer_than_the_database_as_after_a_restore_is_refused_and_ends_nothing()
    {
        var node = await NodeAsync();
        var token = await SignIns.BeginAsync(node);

        Assert.Equal(Ended, (await SignIns.RedeemAsync(node, token with { Generation = 7 }, Leeway)).Outcome);

        Assert.Equal(Redeemed, (await SignIns.RedeemAsync(node, token, Leeway)).Outcome);
    }

    [Fact]
    public async Task A_lifetime_raised_after_the_sign_in_also_extends_the_session()
    {
        var node = await NodeAsync();
        var token = await SignIns.BeginAsync(node);
        var later = node.Clock.GetUtcNow().AddDays(90);

        await node.DoAsync<IServiceProvider>(async services =>
            await SignIns.RedeemAsync(services, token, (await SignIns.FindAsync(services, token))!, later, Leeway));

        var id = await SignIns.SessionOfAsync(node, token);
        Assert.Equal(later, await node.DoAsync<AuthDbContext, DateTimeOffset>(context =>
            context.Sessions.Where(session => session.Id == id).Select(session => session.ExpiresAt).SingleAsync()));
    }

    [Fact]
    public async Task A_refresh_that_races_with_the_end_of_its_session_redeems_nothing_after_the_end()
    {
        const int Rounds = 25;
        var nodes = await NodesAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var token = await SignIns.BeginAsync(nodes[0]);
            var session = await SignIns.SessionOfAsync(nodes[0], token);
            var got = await Together.RunAsync(
                4, number => number is 3 ? EndAsync(nodes[1], session) : ChainAsync(nodes[number % 2], token));

            foreach (var known in got.SelectMany(tokens => tokens).Append(token).Distinct())
            {
                Assert.Equal(Ended, (await SignIns.RedeemAsync(nodes[round % 2], known, Leeway)).Outcome);
            }
        }

        static async Task<List<RefreshToken>> EndAsync(Node node, Guid session)
        {
            await node.DoAsync<SessionEnd>(sessions => sessions.EndAsync(session, SessionEndReasons.EndedByOperator, cause: null));
            return [];
        }

        static async Task<List<RefreshToken>> ChainAsync(Node node, RefreshToken token)
        {
            var got = new List<RefreshToken>();
            while (got.Count < 5 && await SignIns.RedeemAsync(node, token, Leeway) is (Redeemed or Repeated, var successor))
            {
                got.Add(token = successor);
            }

            return got;
        }
    }

    private async Task<Node[]> NodesAsync()
    {
        Node[] nodes = [await NodeAsync(), await NodeAsync()];
        nodes[0].Clock.SetUtcNow(nodes[1].Clock.GetUtcNow());
        return nodes;
    }

    [Fact]
    public async Task Of_concurrent_redemptions_of_a_code_one_succeeds_and_writes_the_device_to_the_session()
    {
        var nodes = await NodesAsync();
        var token = await SignIns.BeginAsync(nodes[0]);
        var prepared = await SignIns.PrepareAsync(nodes[0], token);
        var device = new RequestSource("192.0.2.99", UserAgent: null);

        var results = await Together.RunAsync(Many, number => nodes[number % nodes.Length].DoAsync<Redeemer, bool>(async redeemer =>
        {
            var successor = new RefreshToken(prepared.Id, 0, nodes[0].Clock.GetUtcNow());
            var issued = prepared.EventOf(SessionEventKind.Issued, 0, successor.IssuedAt, device);
            var redemption = new Redemption(prepared, successor, successor.IssuedAt, issued)
            {
                KeptUntil = successor.IssuedAt.AddDays(400),
                Device = device,
            };
            return (await redeemer.TryAsync(redemption, CancellationToken.None)).IsRedeemed;
        }));

        Assert.Single(results, isRedeemed => isRedeemed);
        var session = await nodes[1].DoAsync<AuthDbContext, Session>(
            context => context.Sessions.SingleAsync(row => row.Id == prepared.SessionId));
        Assert.Equal(("192.0.2.99", null), (session.Address, session.UserAgent));
        Assert.Equal(nodes[0].Clock.GetUtcNow().AddDays(400), session.ExpiresAt);
        Assert.Equal(1, await nodes[0].DoAsync<AuthDbContext, int>(context =>
            context.SessionEvents.CountAsync(entry => entry.AuthorizationId == prepared.Id && entry.Kind == SessionEventKind.Issued)));
    }

    [Fact]
    public async Task A_concurrent_redemption_does_not_shorten_the_session()
    {
        var node = await NodeAsync();
        var token = await SignIns.BeginAsync(node);
        var ids = new[] { (await SignIns.PrepareAsync(node, token)).Id, (await SignIns.PrepareAsync(node, token)).Id };
        node.Clock.Advance(TimeSpan.FromMinutes(2));
        var read = await Task.WhenAll(ids.Select(id => SignIns.ReadAsync(node, id)));
        var now = node.Clock.GetUtcNow();

        foreach (var (authorization, until) in read.Zip([now.AddDays(400), now.AddHours(1)]))
        {
            var issued = authorization.EventOf(SessionEventKind.Issued, 0, now, SignIns.Source);
            var redemption = new Redemption(authorization, new RefreshToken(authorization.Id, 0, now), now, issued) { KeptUntil = until };
            Assert.True((await node.DoAsync<Redeemer, (bool IsRedeemed, AuthorizationSnapshot? Present)>(
                redeemer => redeemer.TryAsync(redemption, CancellationToken.None))).IsRedeemed);
        }

        var session = await node.DoAsync<AuthDbContext, Session>(
            context => context.Sessions.SingleAsync(row => row.Id == read[0].SessionId));
        Assert.Equal(now.AddDays(400), session.ExpiresAt);
    }

    // Each request has read the authorization, and believes that its token is the current one.
    private static async Task<(RefreshTokenRotation.Outcome Outcome, RefreshToken Successor)[]> RedeemTogetherAsync(
        Node[] nodes, RefreshToken token, TimeSpan leeway)
    {
        var requests = new List<(IServiceScope Scope, AuthorizationSnapshot Authorization)>();
        for (var number = 0; number < Many; number++)
        {
            var scope = nodes[number % nodes.Length].Services.CreateScope();
            requests.Add((scope, (await SignIns.FindAsync(scope.ServiceProvider, token))!));
        }

        var expiresAt = nodes[0].Clock.GetUtcNow().AddHours(1);
        var results = await Together.RunAsync(Many, number =>
            SignIns.RedeemAsync(requests[number].Scope.ServiceProvider, token, requests[number].Authorization, expiresAt, leeway));
        requests.ForEach(request => request.Scope.Dispose());
        return results;
    }

    private static Task<int> EventsAsync(Node node, RefreshToken token, SessionEventKind kind) =>
        node.DoAsync<AuthDbContext, int>(context =>
            context.SessionEvents.CountAsync(entry => entry.AuthorizationId == token.AuthorizationId && entry.Kind == kind));

    public sealed class OnSqlite(SqliteDatabase database) : RotationTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : RotationTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : RotationTests(database), IClassFixture<SqlServerDatabase>;
}
