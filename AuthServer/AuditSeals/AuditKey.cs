using System.Security.Cryptography;
using AuthServer.Data;
using AuthServer.Keys;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.AuditSeals;

/// <summary>
/// A key that signs checkpoints of the audit. It is not one of the issuer's keys: it is in no JWKS. Public keys are kept for ever, a
/// private key only until its successor has taken over.
/// </summary>
internal sealed class AuditKey
{
    /// <summary>The thumbprint of RFC 7638.</summary>
    public required string KeyId { get; set; }

    /// <summary>Counts from 1. Two nodes that create the next key at once agree on one.</summary>
    public required int Generation { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>SubjectPublicKeyInfo, P-256.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>PKCS#8, protected by Data Protection; null once the key has a successor.</summary>
    public byte[]? ProtectedPrivateKey { get; set; }

    /// <summary>
    /// The signature of the key before over this public key; null for the first. So a reader who trusts the first key trusts all.
    /// </summary>
    public byte[]? Endorsement { get; set; }
}

internal sealed class AuditKeyConfiguration : IEntityTypeConfiguration<AuditKey>
{
    public void Configure(EntityTypeBuilder<AuditKey> builder)
    {
        builder.ToTable("AuditKeys");
        builder.HasKey(key => key.KeyId);
        builder.Property(key => key.KeyId).HasMaxLength(100);
        builder.Property(key => key.PublicKey).HasMaxLength(200);
        builder.Property(key => key.Endorsement).HasMaxLength(64);
        builder.HasIndex(key => key.Generation).IsUnique();
    }
}

/// <summary>Signs with the present audit key, and rotates it as the issuer's keys are rotated.</summary>
internal sealed class AuditKeys(AuthDbContext context, IDataProtectionProvider protection, IOptions<KeysOptions> options, TimeProvider time)
{
    private readonly IDataProtector protector = protection.CreateProtector("AuthServer.Audit.Keys");

    /// <summary>The bytes that a key signs to endorse its successor. Their beginning differs from that of a checkpoint.</summary>
    public static byte[] Statement(byte[] publicKey) => [.. "authserver-audit-key-1\n"u8, .. publicKey];

    /// <exception cref="DbUpdateException">Another node has created the next key.</exception>
    public async Task<AuditCheckpoint> SignAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var (key, signer) = await PresentAsync(cancellationToken);
        using (signer)
        {
            checkpoint.KeyId = key.KeyId;
            checkpoint.Signature = signer.SignData(AuditChain.Statement(checkpoint), HashAlgorithmName.SHA256);
        }

        context.Add(checkpoint);
        await context.SaveChangesAsync(cancellationToken);
        return checkpoint;
    }

    private async Task<(AuditKey Key, ECDsa Signer)> PresentAsync(CancellationToken cancellationToken)
    {
        var last = await context.Set<AuditKey>().OrderByDescending(key => key.Generation).FirstOrDefaultAsync(cancellationToken);
        if (last is null)
        {
            return await CreateAsync(generation: 1, endorser: null, cancellationToken);
        }

        if (Open(last) is not { } signer)
        {
            // The key that protects it is lost. The chain goes on under a new key that nobody endorses: the verification reports that.
            last.ProtectedPrivateKey = null;
            return await CreateAsync(last.Generation + 1, endorser: null, cancellationToken);
        }

        if (last.CreatedAt + options.Value.RotationInterval > time.GetUtcNow())
        {
            return (last, signer);
        }

        using (signer)
        {
            last.ProtectedPrivateKey = null;
            return await CreateAsync(last.Generation + 1, signer, cancellationToken);
        }
    }

    private ECDsa? Open(AuditKey key)
    {
        if (key.ProtectedPrivateKey is null)
        {
            return null;
        }

        var signer = ECDsa.Create();
        try
        {
            signer.ImportPkcs8PrivateKey(protector.Unprotect(key.ProtectedPrivateKey), out _);
            return signer;
        }
        catch (CryptographicException)
        {
            signer.Dispose();
            return null;
        }
    }

    private async Task<(AuditKey Key, ECDsa Signer)> CreateAsync(int generation, ECDsa? endorser, CancellationToken cancellationToken)
    {
        var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = signer.ExportSubjectPublicKeyInfo();
        var key = new AuditKey
        {
            KeyId = KeyMaterial.ThumbprintOf(new ECDsaSecurityKey(signer)),
            Generation = generation,
            CreatedAt = time.GetUtcNow(),
            PublicKey = publicKey,
            ProtectedPrivateKey = protector.Protect(signer.ExportPkcs8PrivateKey()),
            Endorsement = endorser?.SignData(Statement(publicKey), HashAlgorithmName.SHA256),
        };
        context.Add(key);
        await context.SaveChangesAsync(cancellationToken);
        return (key, signer);
    }
}
