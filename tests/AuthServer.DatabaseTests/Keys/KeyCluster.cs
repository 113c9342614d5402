using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.DatabaseTests.Keys;

/// <summary>Nodes on one database, with clocks that advance together.</summary>
internal sealed class KeyCluster(params Node[] nodes)
{
    public const string Signing = SecurityAlgorithms.EcdsaSha256;
    public const string Encryption = KeyMaterial.TokenEncryption;

    public Node First => nodes[0];

    public DateTimeOffset Now => First.Clock.GetUtcNow();

    private KeyRotation Rotation => First.Services.GetRequiredService<KeyRotation>();

    public static async Task<KeyCluster> StartAsync(params Node[] nodes)
    {
        var cluster = new KeyCluster(nodes);
        var latest = nodes.Max(node => node.Clock.GetUtcNow());
        foreach (var node in nodes)
        {
            node.Clock.SetUtcNow(latest);
            await node.Keys.LoadAsync(CancellationToken.None);
        }

        return cluster;
    }

    /// <summary>Advances the clocks; then every node polls the keys.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        foreach (var node in nodes)
        {
            node.Clock.Advance(time);
        }

        await LookAsync();
    }

    public async Task LookAsync()
    {
        foreach (var node in nodes)
        {
            await node.Keys.RefreshAsync(CancellationToken.None);
        }
    }

    public Task MeasureAsync() =>
        First.DoAsync<AuthDbContext>(context => Rotation.MeasureAsync(context, First.Keys.Schedule, CancellationToken.None));

    public Task<KeyEntry> RotateAsync(string algorithm, bool soon = false) =>
        First.DoAsync<AuthDbContext, KeyEntry>(context => Rotation.RotateAsync(context, algorithm, soon, CancellationToken.None));

    public Task RevokeAsync(string keyId) => First.DoAsync<AuthDbContext>(context => Rotation.RevokeAsync(
        context, First.Keys.Schedule.Entries.Single(entry => entry.KeyId == keyId), CancellationToken.None));

    /// <summary>The key that signs or encrypts. All nodes must agree on it.</summary>
    public string Active(string algorithm = Signing) => Agreed(node => algorithm is Encryption
        ? node.Keys.ActiveEncryption().Key.KeyId
        : node.Keys.ActiveSigning(algorithm).Key.KeyId);

    /// <summary>The keys in the JWKS, or the decryption keys, the oldest first.</summary>
    public string[] Held(string algorithm = Signing) => Agreed(node => string.Join(' ', node.Keys.Signing
        .Where(key => key.Algorithm == algorithm).Select(key => key.Key.KeyId)
        .Concat(node.Keys.Encryption.Where(key => key.Alg == algorithm).Select(key => key.Key.KeyId)).Reverse())).Split(' ');

    public KeyState State(string keyId) =>
        First.Keys.Schedule.StateOf(First.Keys.Schedule.Entries.Single(entry => entry.KeyId == keyId), Now);

    private string Agreed(Func<Node, string> ask) => Assert.Single(nodes.Select(ask).Distinct());
}
