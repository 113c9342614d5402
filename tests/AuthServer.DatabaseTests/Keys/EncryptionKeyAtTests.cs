using System.Data.Common;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Keys;

/// <summary>
/// Refresh tokens are recreated from their rows, so the key of an instant must be the same on every node and at any time.
/// </summary>
public sealed class EncryptionKeyAtTests(SqliteDatabase database) : ProviderTests(database), IClassFixture<SqliteDatabase>
{
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(10);

    private readonly List<Node> cluster = [];

    [Fact]
    public async Task The_key_of_an_instant_is_the_key_then_active_on_every_node_and_after_every_rotation()
    {
        var keys = await StartAsync();
        var start = keys.Now;
        var ids = new List<string> { keys.Active(KeyCluster.Encryption) };
        for (var rotation = 0; rotation < 3; rotation++)
        {
            ids.Add((await keys.RotateAsync(KeyCluster.Encryption, soon: true)).KeyId);
            await keys.PassAsync(Spread);
        }

        for (var number = 0; number < ids.Count; number++)
        {
            Assert.All(cluster, node => Assert.Equal(ids[number], node.Keys.EncryptionKeyAt(start + (number * Spread)).KeyId));
            Assert.All(cluster, node =>
                Assert.Equal(ids[number], node.Keys.EncryptionKeyAt(start + ((number + 1) * Spread) - TimeSpan.FromTicks(1)).KeyId));
        }
    }

    [Fact]
    public async Task An_announced_key_is_loaded_but_not_used()
    {
        var keys = await StartAsync();
        var first = keys.Active(KeyCluster.Encryption);
        var next = await keys.RotateAsync(KeyCluster.Encryption);
        await keys.LookAsync();

        Assert.Equal(next.KeyId, keys.First.Keys.EncryptionKey(next.KeyId)?.KeyId);
        Assert.Equal(first, keys.First.Keys.EncryptionKeyAt(keys.Now).KeyId);
    }

    [Fact]
    public async Task Before_the_first_key_the_first_key_is_used()
    {
        var keys = await StartAsync();
        var first = keys.Active(KeyCluster.Encryption);
        await keys.RotateAsync(KeyCluster.Encryption, soon: true);
        await keys.PassAsync(Spread);

        Assert.Equal(first, keys.First.Keys.EncryptionKeyAt(keys.Now.AddDays(-1)).KeyId);
    }

    [Fact]
    public async Task The_active_key_replaces_a_revoked_one()
    {
        var keys = await StartAsync();
        var start = keys.Now;
        var first = keys.Active(KeyCluster.Encryption);
        await keys.PassAsync(Spread);
        await keys.RevokeAsync(first);
        await keys.LookAsync();

        Assert.Null(keys.First.Keys.EncryptionKey(first));
        Assert.Equal(keys.Active(KeyCluster.Encryption), keys.First.Keys.EncryptionKeyAt(start).KeyId);
        Assert.Equal(keys.Active(KeyCluster.Encryption), keys.First.Keys.EncryptionKeyAt(keys.Now).KeyId);
    }

    [Fact]
    public async Task The_active_key_replaces_a_deleted_one()
    {
        var keys = await StartAsync();
        var start = keys.Now;
        for (var rotation = 0; rotation < 3; rotation++)
        {
            await keys.RotateAsync(KeyCluster.Encryption, soon: true);
            await keys.PassAsync(TimeSpan.FromDays(40));
        }

        Assert.Equal(keys.Active(KeyCluster.Encryption), keys.First.Keys.EncryptionKeyAt(start).KeyId);
    }

    [Fact]
    public async Task An_invented_key_id_finds_no_key() => Assert.Null((await StartAsync()).First.Keys.EncryptionKey("nobody-made-it"));

    [Fact]
    public async Task Without_changes_a_poll_is_one_statement_without_the_secrets_and_a_start_is_one_too()
    {
        var statements = new Statements();
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        await NodeOn(connectionString).Keys.LoadAsync(CancellationToken.None);
        var node = NodeOn(
            connectionString, services => services.ConfigureDbContext<SqliteAuthDbContext>(context => context.AddInterceptors(statements)));

        await node.Keys.LoadAsync(CancellationToken.None);
        Assert.Single(statements.OfKeys());

        await node.Keys.RefreshAsync(CancellationToken.None);
        Assert.DoesNotContain("ProtectedMaterial", Assert.Single(statements.OfKeys().Skip(1)), StringComparison.Ordinal);
    }

    private async Task<KeyCluster> StartAsync()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        cluster.AddRange([NodeOn(connectionString), NodeOn(connectionString)]);
        return await KeyCluster.StartAsync([.. cluster]);
    }

    private sealed class Statements : DbCommandInterceptor
    {
        private readonly List<string> all = [];

        public IEnumerable<string> OfKeys() => all.Where(statement => statement.Contains("\"Keys\"", StringComparison.Ordinal));

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            all.Add(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }
}
