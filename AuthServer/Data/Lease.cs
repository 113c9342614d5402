using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Data;

/// <summary>The right to do a job that only one node at a time may do.</summary>
internal sealed class Lease
{
    public const int LongestName = 50;

    /// <summary>The name of the job.</summary>
    public required string Name { get; set; }

    /// <summary>The id that the holder has chosen for itself.</summary>
    public required Guid Owner { get; set; }

    /// <summary>After this time anyone may take the lease: its holder has died or has given it back.</summary>
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
