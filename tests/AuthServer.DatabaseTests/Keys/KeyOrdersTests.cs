using AuthServer.DatabaseTests.Support;
using AuthServer.Keys;

namespace AuthServer.DatabaseTests.Keys;

/// <summary>An operator's actions on keys, as two running nodes see them at their next poll.</summary>
public abstract class KeyOrdersTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly TimeSpan Announcement = TimeSpan.FromDays(1);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(KeyCluster.Signing)]
    [InlineData(KeyCluster.Encryption)]
    public async Task A_rotation_announces_the_next_key_and_happens_once(string algorithm)
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active(algorithm);

        var next = await cluster.RotateAsync(algorithm);
        Assert.Equal(next, await cluster.RotateAsync(algorithm));

        await cluster.LookAsync();
        Assert.Equal((first, KeyState.Announced), (cluster.Active(algorithm), cluster.State(next.KeyId)));
        await cluster.PassAsync(Announcement);
        Assert.Equal(next.KeyId, cluster.Active(algorithm));
        Assert.Equal([first, next.KeyId], cluster.Held(algorithm));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_that_cannot_wait_signs_as_soon_as_every_node_knows_the_key(bool isAnnounced)
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active();
        var announced = isAnnounced ? await cluster.RotateAsync(KeyCluster.Signing) : null;

        var next = await cluster.RotateAsync(KeyCluster.Signing, soon: true);

        Assert.Equal(announced?.KeyId ?? next.KeyId, next.KeyId);
        await cluster.LookAsync();
        Assert.Equal(first, cluster.Active());
        await cluster.PassAsync(Spread);
        Assert.Equal(next.KeyId, cluster.Active());
        Assert.Equal([first, next.KeyId], cluster.Held());
    }

    [Fact]
    public async Task A_key_of_an_unused_algorithm_is_announced_and_stays()
    {
        var cluster = await ClusterAsync();

        var key = await cluster.RotateAsync("ES384");
        await cluster.LookAsync();

        Assert.Equal(KeyState.Announced, cluster.State(key.KeyId));
        Assert.Equal([key.KeyId], cluster.Held("ES384"));
        await cluster.PassAsync(Announcement);
        Assert.Equal([key.KeyId], cluster.Held("ES384"));
    }

    [Theory]
    [InlineData(KeyCluster.Signing, true)]
    [InlineData(KeyCluster.Signing, false)]
    [InlineData(KeyCluster.Encryption, false)]
    public async Task After_revoking_the_active_key_another_signs_at_once(string algorithm, bool isAnnounced)
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active(algorithm);
        var announced = isAnnounced ? await cluster.RotateAsync(algorithm) : null;
        await cluster.LookAsync();

        await cluster.RevokeAsync(first);
        await cluster.LookAsync();

        Assert.Equal(KeyState.Revoked, cluster.State(first));
        var held = Assert.Single(cluster.Held(algorithm));
        Assert.Equal(announced?.KeyId ?? held, held);
        Assert.Equal(held, cluster.Active(algorithm));
    }

    [Fact]
    public async Task After_revoking_an_announced_key_the_previous_key_goes_on_signing()
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active();
        var next = await cluster.RotateAsync(KeyCluster.Signing);
        await cluster.LookAsync();

        await cluster.RevokeAsync(next.KeyId);
        await cluster.PassAsync(Announcement);

        Assert.Equal(first, cluster.Active());
        Assert.Equal([first], cluster.Held());
        Assert.NotEqual(next.KeyId, (await cluster.RotateAsync(KeyCluster.Signing)).KeyId);
    }

    [Fact]
    public async Task Revoking_a_retired_key_does_not_affect_the_active_one()
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active();
        var next = await cluster.RotateAsync(KeyCluster.Signing);
        await cluster.PassAsync(Announcement);

        await cluster.RevokeAsync(first);
        await cluster.LookAsync();

        Assert.Equal([next.KeyId], cluster.Held());
        Assert.Equal(next.KeyId, cluster.Active());
    }

    [Fact]
    public async Task A_revoked_key_is_listed_until_everything_it_signed_has_expired()
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active();
        await cluster.RevokeAsync(first);

        // The tokens it signed live for an hour, and a key is kept for another hour.
        await cluster.PassAsync(TimeSpan.FromHours(2) - TimeSpan.FromMinutes(1));
        Assert.Contains(cluster.First.Keys.Schedule.Entries, entry => entry.KeyId == first);
        await cluster.PassAsync(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(cluster.First.Keys.Schedule.Entries, entry => entry.KeyId == first);
    }

    [Fact]
    public async Task Concurrent_rotations_and_revocations_leave_one_active_key()
    {
        var cluster = await ClusterAsync();
        var first = cluster.Active();

        await Together.RunAsync(6, async number =>
        {
            if (number % 2 is 0)
            {
                await cluster.RotateAsync(KeyCluster.Signing, soon: true);
            }
            else
            {
                await cluster.RevokeAsync(first);
            }

            return true;
        });
        await cluster.PassAsync(Spread);

        Assert.Equal(KeyState.Revoked, cluster.State(first));
        Assert.DoesNotContain(first, cluster.Held());
        Assert.Equal(cluster.Active(), cluster.Held()[^1]);
    }

    [Fact]
    public async Task A_node_that_has_not_polled_yet_finds_the_key_of_a_token_and_looks_for_invented_ones_once_a_second()
    {
        var cluster = await ClusterAsync();
        var keys = cluster.First.Keys;
        var next = await cluster.RotateAsync(KeyCluster.Signing, soon: true);

        Assert.True(await keys.FindAsync(next.KeyId, CancellationToken.None));
        Assert.False(await keys.FindAsync(next.KeyId, CancellationToken.None));

        var second = await cluster.RotateAsync(KeyCluster.Encryption, soon: true);
        Assert.False(await keys.FindAsync(second.KeyId, CancellationToken.None));
        cluster.First.Clock.Advance(KeyRing.UnknownKeyInterval);
        Assert.True(await keys.FindAsync(second.KeyId, CancellationToken.None));
    }

    private async Task<KeyCluster> ClusterAsync()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        return await KeyCluster.StartAsync(NodeOn(connectionString), NodeOn(connectionString));
    }

    public sealed class OnSqlite(SqliteDatabase database) : KeyOrdersTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : KeyOrdersTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : KeyOrdersTests(database), IClassFixture<SqlServerDatabase>;
}
