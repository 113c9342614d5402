using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.DatabaseTests.Keys;

public abstract class KeyRingTests(TestDatabase database) : ProviderTests(database)
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(8, true)]
    [InlineData(8, false)]
    public async Task Nodes_that_start_concurrently_on_a_new_database_agree_on_the_keys(int count, bool protectedByCertificate)
    {
        using var certificate = new Certificate();
        var connectionString = await MigratedAsync();
        var nodes = Enumerable.Range(0, count)
            .Select(_ => NodeOn(connectionString, settings: protectedByCertificate ? certificate.Settings : [])).ToList();

        var rings = await Together.RunAsync(count, number => LoadAsync(nodes[number]));

        Assert.Equal(
            [SecurityAlgorithms.Aes256KW, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256],
            rings[0].Keys.Order(StringComparer.Ordinal));
        Assert.All(rings, ring => Assert.Equal(rings[0], ring));
    }

    [Fact]
    public async Task The_keys_are_the_same_after_a_restart()
    {
        using var certificate = new Certificate();
        var connectionString = await MigratedAsync();
        var before = await LoadAsync(NodeOn(connectionString, settings: certificate.Settings));

        Assert.Equal(before, await LoadAsync(NodeOn(connectionString, settings: certificate.Settings)));
    }

    [Fact]
    public async Task A_new_algorithm_gets_a_key_and_the_others_keep_theirs()
    {
        var connectionString = await MigratedAsync();
        var before = await LoadAsync(NodeOn(connectionString));

        var after =
            await LoadAsync(NodeOn(connectionString, settings: [("Connect:AccessTokenSigningAlgorithm", SecurityAlgorithms.EcdsaSha384)]));

        Assert.Equal(before, after.Where(key => before.ContainsKey(key.Key)).ToDictionary());
        Assert.Equal([SecurityAlgorithms.EcdsaSha384], after.Keys.Except(before.Keys));
    }

    [Fact]
    public async Task No_secret_is_stored_unencrypted_in_the_database()
    {
        using var certificate = new Certificate();
        var connectionString = await MigratedAsync();
        var node = NodeOn(connectionString, settings: certificate.Settings);
        var secrets = await LoadAsync(node);

        var (stored, protection) = await RowsAsync(node);

        Assert.NotEmpty(protection);
        Assert.All(protection, xml => Assert.Contains("EncryptedData", xml, StringComparison.Ordinal));
        Assert.All(protection, xml => Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal));
        Assert.All(stored, row => Assert.All(secrets.Values, secret => Assert.False(Holds(row, Convert.FromHexString(secret)))));
    }

    [Theory]
    [InlineData("another certificate")]
    [InlineData("no certificate")]
    public async Task With_the_wrong_certificate_a_node_fails_and_leaves_the_database_as_it_was(string wrong)
    {
        using var certificate = new Certificate();
        using var other = new Certificate();
        var connectionString = await MigratedAsync();
        var good = NodeOn(connectionString, settings: certificate.Settings);
        await LoadAsync(good);
        var before = await RowsAsync(good);

        var bad = NodeOn(connectionString, settings: wrong is "no certificate" ? [] : other.Settings);
        await Assert.ThrowsAsync<CryptographicException>(() => bad.Keys.LoadAsync(CancellationToken.None));

        Assert.False(bad.Keys.IsLoaded);
        var after = await RowsAsync(good);
        Assert.Equal(before.Stored, after.Stored);
        Assert.Equal(before.Protection, after.Protection);
    }

    private async Task<string> MigratedAsync()
    {
        var connectionString = await Database.CreateAsync();
        await NodeOn(connectionString).MigrateAsync();
        return connectionString;
    }

    /// <summary>The secret of each key, by algorithm.</summary>
    private static async Task<Dictionary<string, string>> LoadAsync(Node node)
    {
        await node.Keys.LoadAsync(CancellationToken.None);
        return node.Keys.Signing.Select(key => (key.Algorithm, key.Key))
            .Concat(node.Keys.Encryption.Select(key => (Algorithm: key.Alg, key.Key)))
            .ToDictionary(key => key.Algorithm, key => Convert.ToHexString(Secret(key.Key)), StringComparer.Ordinal);
    }

    private static byte[] Secret(SecurityKey key) => key switch
    {
        ECDsaSecurityKey curve => curve.ECDsa.ExportPkcs8PrivateKey(),
        RsaSecurityKey rsa => rsa.Rsa.ExportPkcs8PrivateKey(),
        SymmetricSecurityKey symmetric => symmetric.Key,
        _ => throw new NotSupportedException(),
    };

    private static Task<(string[] Stored, string[] Protection)> RowsAsync(Node node) =>
        node.DoAsync<AuthDbContext, (string[], string[])>(async context => (
            await context.Keys.OrderBy(key => key.Algorithm).Select(key => key.ProtectedMaterial).ToArrayAsync(),
            await context.DataProtectionKeys.OrderBy(key => key.Id).Select(key => key.Xml!).ToArrayAsync()));

    // As text in either encoding, or as the bytes that the text encodes. A part of the secret counts, too.
    private static bool Holds(string row, byte[] secret) =>
        new[] { secret, secret[^16..], secret[(secret.Length / 2)..][..16] }.Any(part =>
            row.Contains(Convert.ToHexString(part), StringComparison.OrdinalIgnoreCase)
            || Encoding.UTF8.GetBytes(row).AsSpan().IndexOf(part) >= 0
            || Convert.FromBase64String(row).AsSpan().IndexOf(part) >= 0);

    public sealed class OnSqlite(SqliteDatabase database) : KeyRingTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : KeyRingTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : KeyRingTests(database), IClassFixture<SqlServerDatabase>;
}
