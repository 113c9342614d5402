using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Keys;

/// <summary>
/// A key of the issuer, its material protected by Data Protection. <see cref="KeySchedule"/> says what its instants mean.
/// </summary>
internal sealed class StoredKey
{
    public Guid Id { get; set; }

    /// <summary>The JWS algorithm of a signing key (<c>ES256</c>, <c>RS256</c>) or <c>A256KW</c> for the token encryption key.</summary>
    public required string Algorithm { get; set; }

    /// <summary>Counts from 1. Unique within an algorithm, so that two nodes that create the next key at once agree on one.</summary>
    public required int Generation { get; set; }

    /// <summary>The <c>kid</c>; for a signing key the thumbprint of RFC 7638.</summary>
    public required string KeyId { get; set; }

    /// <summary>PKCS#8, or the raw bytes of a symmetric key, protected by Data Protection.</summary>
    public required string ProtectedMaterial { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>From when the key signs or encrypts, in place of the one before. Changes only while it lies in the future.</summary>
    public required DateTimeOffset ActiveFrom { get; set; }

    /// <summary>Since when the key is not valid for anything.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The longest lifetime of a token that the key has signed or encrypted. The settings may have become shorter since.</summary>
    public TimeSpan LongestLifetime { get; set; }

    public KeyEntry ToEntry() => new(Id, Algorithm, Generation, KeyId, CreatedAt, ActiveFrom, RevokedAt, LongestLifetime);
}

internal sealed class StoredKeyConfiguration : IEntityTypeConfiguration<StoredKey>
{
    public void Configure(EntityTypeBuilder<StoredKey> builder)
    {
        builder.ToTable("Keys");
        builder.Property(key => key.Algorithm).HasMaxLength(20);
        builder.Property(key => key.KeyId).HasMaxLength(100);

        // SQL Server's type time holds less than a day.
        builder.Property(key => key.LongestLifetime).HasConversion<long>();
        builder.HasIndex(key => new { key.Algorithm, key.Generation }).IsUnique();
    }
}
