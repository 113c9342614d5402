using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.AuditSeals;

/// <summary>
/// One link of the chain that makes changes of the audit visible. <see cref="AuditSealer"/> adds it some seconds after the event, off the
/// path of requests. <see cref="AuditChain"/> says how the hashes are made.
/// </summary>
internal sealed class AuditSeal
{
    /// <summary>Counts from 1 without a gap.</summary>
    public required long Sequence { get; set; }

    public required Guid EventId { get; set; }

    /// <summary>
    /// A name of <see cref="AuditClass"/>. It is part of the hash, so that a missing event can be told from one that retention has deleted.
    /// </summary>
    public required string Class { get; set; }

    /// <summary>The time of the event.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>SHA-256 of the event.</summary>
    public required byte[] Leaf { get; set; }

    /// <summary>SHA-256 of the link before and this one.</summary>
    public required byte[] Hash { get; set; }
}

internal sealed class AuditSealConfiguration : IEntityTypeConfiguration<AuditSeal>
{
    public void Configure(EntityTypeBuilder<AuditSeal> builder)
    {
        builder.ToTable("AuditSeals");
        builder.HasKey(seal => seal.Sequence);
        builder.Property(seal => seal.Sequence).ValueGeneratedNever();
        builder.Property(seal => seal.Class).HasMaxLength(20);
        builder.Property(seal => seal.Leaf).HasMaxLength(32);
        builder.Property(seal => seal.Hash).HasMaxLength(32);

        // Two nodes that both believe to hold the lease cannot seal an event twice.
        builder.HasIndex(seal => seal.EventId).IsUnique();
    }
}

/// <summary>
/// A signed statement: the chain had this hash at this length. With <see cref="PrunedBefore"/> also what retention has deleted: with a
/// <see cref="PrunedClass"/> the events of this class, without one the links before this one.
/// </summary>
internal sealed class AuditCheckpoint
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required long Sequence { get; set; }

    public required byte[] Hash { get; set; }

    public required DateTimeOffset At { get; set; }

    public string? PrunedClass { get; set; }

    /// <summary>Everything that was deleted is older than this.</summary>
    public DateTimeOffset? PrunedBefore { get; set; }

    /// <summary>The <c>kid</c> of the audit key that signed it.</summary>
    public string KeyId { get; set; } = "";

    /// <summary>ES256 over <see cref="AuditChain.Statement"/>, 64 bytes as in RFC 7518 3.4.</summary>
    public byte[] Signature { get; set; } = [];

    /// <summary>A checkpoint at the end of the chain, not signed yet.</summary>
    public static AuditCheckpoint Of(AuditSeal last, DateTimeOffset now) => new() { Sequence = last.Sequence, Hash = last.Hash, At = now };
}

internal sealed class AuditCheckpointConfiguration : IEntityTypeConfiguration<AuditCheckpoint>
{
    public void Configure(EntityTypeBuilder<AuditCheckpoint> builder)
    {
        builder.ToTable("AuditCheckpoints");
        builder.Property(checkpoint => checkpoint.Id).ValueGeneratedNever();
        builder.Property(checkpoint => checkpoint.Hash).HasMaxLength(32);
        builder.Property(checkpoint => checkpoint.PrunedClass).HasMaxLength(20);
        builder.Property(checkpoint => checkpoint.KeyId).HasMaxLength(100);
        builder.Property(checkpoint => checkpoint.Signature).HasMaxLength(64);
        builder.HasIndex(checkpoint => checkpoint.Sequence);
    }
}
