using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data;

/// <summary>Random bytes that all nodes share, so that each node computes the same keyed hash and finds the same row.</summary>
internal sealed class SharedSecret
{
    public const int LongestName = 50;

    public required string Name { get; set; }

    /// <summary>Protected by Data Protection.</summary>
    public required string ProtectedValue { get; set; }
}

internal sealed class SharedSecretConfiguration : IEntityTypeConfiguration<SharedSecret>
{
    public void Configure(EntityTypeBuilder<SharedSecret> builder)
    {
        builder.ToTable("SharedSecrets");
        builder.HasKey(secret => secret.Name);
        builder.Property(secret => secret.Name).HasMaxLength(SharedSecret.LongestName);
        builder.Property(secret => secret.ProtectedValue).HasMaxLength(500);
    }
}
