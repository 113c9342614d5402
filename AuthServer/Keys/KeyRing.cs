using System.Security.Cryptography;
using AuthServer.Connect;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>
/// The issuer's keys: made on first start, the same for every node on one database, loaded before anything is signed.
/// </summary>
internal sealed partial class KeyRing(
    IServiceScopeFactory scopes,
    IDataProtectionProvider protection,
    IKeyManager protectionKeys,
    IOptions<ConnectOptions> options,
    TimeProvider time,
    ILogger<KeyRing> logger)
{
    private readonly IDataProtector protector = protection.CreateProtector("AuthServer.Keys");
    private volatile Ring? ring;

    private sealed record Ring(IReadOnlyList<SigningCredentials> Signing, IReadOnlyList<EncryptingCredentials> Encryption);

    public bool IsLoaded => ring is not null;

    /// <summary>Newest first in each algorithm.</summary>
    public IReadOnlyList<SigningCredentials> Signing => Loaded.Signing;

    public IReadOnlyList<EncryptingCredentials> Encryption => Loaded.Encryption;

    public SymmetricSecurityKey EncryptionKeyAt(DateTimeOffset instant) => (SymmetricSecurityKey)Loaded.Encryption[0].Key;

    public SymmetricSecurityKey? EncryptionKey(string keyId) =>
        (SymmetricSecurityKey?)Loaded.Encryption.FirstOrDefault(key => key.Key.KeyId == keyId)?.Key;

    private Ring Loaded => ring ?? throw new InvalidOperationException("The key ring is used before it is loaded.");

    /// <exception cref="CryptographicException">What the database holds was protected by another certificate.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        OpenProtection();
        string[] needed =
        [
            .. options.Value.SigningAlgorithms,
            KeyMaterial.TokenEncryption,
        ];

        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        foreach (var algorithm in needed)
        {
            await EnsureAsync(context, algorithm, cancellationToken);
        }

        var stored = await context.Keys.AsNoTracking()
            .OrderByDescending(key => key.Generation)
            .ToListAsync(cancellationToken);
        var keys = stored.ConvertAll(key => (key.Algorithm, Key: KeyMaterial.Read(key, protector)));

        ring = new Ring(
            [.. keys.Where(key => key.Algorithm is not KeyMaterial.TokenEncryption).Select(key => new SigningCredentials(key.Key, key.Algorithm))],
            [.. keys.Where(key => key.Algorithm is KeyMaterial.TokenEncryption)
                .Select(key => new EncryptingCredentials(key.Key, key.Algorithm, SecurityAlgorithms.Aes256CbcHmacSha512))]);
        Log.Loaded(logger, keys.Count);
    }

    // Data Protection meets keys that it cannot open by adding one of its own, which every node would then use: with no
    // certificate, one that lies there in the clear. So a node with the wrong certificate ends here.
    private void OpenProtection()
    {
        foreach (var key in protectionKeys.GetAllKeys())
        {
            _ = key.Descriptor;
        }
    }

    // The unique index on algorithm and generation decides between two nodes that start at once: the one that comes
    // second reads what the first has written.
    private async Task EnsureAsync(AuthDbContext context, string algorithm, CancellationToken cancellationToken)
    {
        if (await context.Keys.AnyAsync(key => key.Algorithm == algorithm, cancellationToken))
        {
            return;
        }

        var entry = context.Keys.Add(KeyMaterial.Create(algorithm, generation: 1, protector, time.GetUtcNow()));
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            Log.Created(logger, algorithm, entry.Entity.KeyId);
        }
        catch (DbUpdateException)
        {
            entry.State = EntityState.Detached;
            if (!await context.Keys.AnyAsync(key => key.Algorithm == algorithm, cancellationToken))
            {
                throw;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Created the first {Algorithm} key {KeyId}")]
        public static partial void Created(ILogger logger, string algorithm, string keyId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Count} keys")]
        public static partial void Loaded(ILogger logger, int count);
    }
}
