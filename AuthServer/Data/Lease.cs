using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data;

/// <summary>Who does a job that only one node at a time may do.</summary>
internal sealed class Lease
{
    public const int LongestName = 50;

    /// <summary>The job's.</summary>
    public required string Name { get; set; }

    /// <summary>Whoever holds it.</summary>
    public required Guid Owner { get; set; }

    /// <summary>From then on anybody may take it: its holder has died, or has given it back.</summary>
    public required DateTimeOffset Until { get; set; }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<Lease>
{
    public void Configure(EntityTypeBuilder<Lease> builder)
    {
        builder.ToTable("Leases");
        builder.HasKey(lease => lease.Name);
        builder.Property(lease => lease.Name).HasMaxLength(Lease.LongestName);
    }
}
