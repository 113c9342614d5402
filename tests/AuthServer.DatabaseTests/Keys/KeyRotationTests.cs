using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.DatabaseTests.Keys;

/// <summary>The changes of keys that the clock alone causes.</summary>
public abstract class KeyRotationTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(90);
    private static readonly TimeSpan Announcement = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(2);
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly (string, string?)[] Lifetimes =
        [("Connect:RefreshTokenLifetime", "2.00:00:00"), ("Connect:AccessTokenLifetime", "2.00:00:00")];

    [Theory]
    [InlineData(KeyCluster.Signing)]
    [InlineData(SecurityAlgorithms.RsaSha256)]
    [InlineData(KeyCluster.Encryption)]
    public async Task A_key_is_announced_signs_retires_and_is_deleted_on_every_node(string algorithm)
    {
        var cluster = await ClusterAsync(2);
        var first = cluster.Active(algorithm);

        await cluster.PassAsync(Interval - Announcement - Moment);
        Assert.Equal([first], cluster.Held(algorithm));

        await cluster.PassAsync(Moment);
        var next = cluster.Held(algorithm)[1];
        Assert.Equal((first, KeyState.Announced), (cluster.Active(algorithm), cluster.State(next)));

        await cluster.PassAsync(Announcement - Moment);
        Assert.Equal(first, cluster.Active(algorithm));
        await cluster.PassAsync(Moment);
        Assert.Equal((next, KeyState.Retired), (cluster.Active(algorithm), cluster.State(first)));

        await cluster.PassAsync(LongestToken + Overlap - Moment);
        Assert.Equal([first, next], cluster.Held(algorithm));
        await cluster.PassAsync(Moment);
        Assert.Equal([next], cluster.Held(algorithm));
    }

    [Fact]
    public async Task A_key_becomes_active_by_time_alone()
    {
        var cluster = await ClusterAsync(1);
        await cluster.PassAsync(Interval - Announcement);
        var next = cluster.Held()[1];

        cluster.First.Clock.Advance(Announcement);

        Assert.Equal(next, cluster.Active());
    }

    [Fact]
    public async Task Of_many_nodes_that_find_the_next_key_due_one_creates_it()
    {
        var connectionString = await MigratedAsync();
        var nodes = Enumerable.Range(0, 8).Select(_ => NodeOn(connectionString, settings: Lifetimes)).ToArray();
        var cluster = await KeyCluster.StartAsync(nodes);
        foreach (var node in nodes)
        {
            node.Clock.Advance(Interval);
        }

        await Together.RunAsync(nodes.Length, async number =>
        {
            await nodes[number].Keys.RefreshAsync(CancellationToken.None);
            return true;
        });
        await cluster.LookAsync();

        Assert.Equal(2, cluster.Held(KeyCluster.Signing).Length);
        Assert.Equal(2, cluster.Held(KeyCluster.Encryption).Length);
    }

    [Fact]
    public async Task After_a_pause_longer_than_the_interval_the_old_key_signs_until_the_next_has_been_announced()
    {
        var cluster = await ClusterAsync(1);
        var first = cluster.Active();

        await cluster.PassAsync(Interval * 5);
        Assert.Equal(first, cluster.Active());
        Assert.Equal(2, cluster.Held().Length);

        await cluster.PassAsync(Announcement);
        Assert.NotEqual(first, cluster.Active());
    }

    [Fact]
    public async Task A_key_of_an_algorithm_removed_from_the_settings_verifies_until_its_planned_end()
    {
        var connectionString = await MigratedAsync();
        var before = await KeyCluster.StartAsync(NodeOn(connectionString, settings: Lifetimes));
        var old = before.Active();

        var cluster = await KeyCluster.StartAsync(
            NodeOn(connectionString, settings: [.. Lifetimes, ("Connect:AccessTokenSigningAlgorithm", SecurityAlgorithms.EcdsaSha384)]));
        Assert.NotEqual(old, cluster.Active(SecurityAlgorithms.EcdsaSha384));

        await cluster.PassAsync(Interval + LongestToken + Overlap - TimeSpan.FromMinutes(1));
        Assert.Equal([old], cluster.Held());
        await cluster.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal([""], cluster.Held());
    }

    [Theory]
    [InlineData("tkn_lft:act", KeyCluster.Signing)]
    [InlineData("tkn_lft:reft", KeyCluster.Encryption)]
    public async Task A_client_with_longer_lifetimes_keeps_the_keys_longer(string setting, string algorithm)
    {
        var cluster = await ClusterAsync(1);
        await AddClientAsync(cluster.First, setting, "20.00:00:00");
        await cluster.PassAsync(Interval - Announcement);
        var first = cluster.Active(algorithm);
        await cluster.PassAsync(Announcement);

        await cluster.PassAsync(TimeSpan.FromDays(20) + Overlap - Moment);
        Assert.Contains(first, cluster.Held(algorithm));
        await cluster.PassAsync(Moment);
        Assert.DoesNotContain(first, cluster.Held(algorithm));
    }

    [Fact]
    public async Task After_a_lifetime_is_shortened_earlier_tokens_still_count_with_the_longer_one()
    {
        var cluster = await ClusterAsync(1);
        var first = cluster.Active();
        await AddClientAsync(cluster.First, "tkn_lft:act", "20.00:00:00");
        await cluster.MeasureAsync();
        await cluster.First.DoAsync<AuthDbContext>(context => context.Set<Client>().ExecuteDeleteAsync());

        await cluster.PassAsync(Interval - Announcement);
        await cluster.PassAsync(Announcement);
        await cluster.PassAsync(TimeSpan.FromDays(20) + Overlap - Moment);
        Assert.Contains(first, cluster.Held());
        await cluster.PassAsync(Moment);
        Assert.DoesNotContain(first, cluster.Held());
    }

    private async Task<string> MigratedAsync()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        return connectionString;
    }

    private async Task<KeyCluster> ClusterAsync(int count)
    {
        var connectionString = await MigratedAsync();
        return await KeyCluster.StartAsync([.. Enumerable.Range(0, count).Select(_ => NodeOn(connectionString, settings: Lifetimes))]);
    }

    private static Task AddClientAsync(Node node, string setting, string lifetime) => node.DoAsync<AuthDbContext>(async context =>
    {
        context.Add(
            new Client { ClientId = "long-lived", ClientType = "public", Settings = $$"""{"{{setting}}":"{{lifetime}}","other":"1"}""" });
        await context.SaveChangesAsync();
    });

    public sealed class OnSqlite(SqliteDatabase database) : KeyRotationTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : KeyRotationTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : KeyRotationTests(database), IClassFixture<SqlServerDatabase>;
}
