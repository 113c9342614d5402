using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data;

/// <summary>A value that may be used only once on all nodes together, and has been used. The value itself is not stored.</summary>
internal sealed class SpentValue
{
    public const int IdLength = 43;

    /// <summary>SHA-256 of purpose and value, in base64url.</summary>
    public required string Id { get; set; }

    /// <summary>After this time the value is refused because of its age, and the row may be deleted.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class SpentValueConfiguration : IEntityTypeConfiguration<SpentValue>
{
    public void Configure(EntityTypeBuilder<SpentValue> builder)
    {
        builder.ToTable("SpentValues");
        builder.Property(value => value.Id).HasMaxLength(SpentValue.IdLength);
        builder.HasIndex(value => value.ExpiresAt);
    }
}
