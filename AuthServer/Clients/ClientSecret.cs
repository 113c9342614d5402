using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Clients;

/// <summary>
/// A secret of a client, with its name and date. While one secret replaces another, both are valid. The hash of the oldest one is in
/// <see cref="Client"/> as well, which is all that OpenIddict and earlier versions of this program know.
/// </summary>
internal sealed class ClientSecret
{
    public const int LongestName = 100;

    public Guid Id { get; set; }

    public required Guid ClientId { get; set; }

    public required string Name { get; set; }

    /// <summary>As <see cref="ClientSecrets"/> makes it.</summary>
    public required string Hash { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>From then on it is not valid any more; null for no end.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}

internal sealed class ClientSecretConfiguration : IEntityTypeConfiguration<ClientSecret>
{
    public void Configure(EntityTypeBuilder<ClientSecret> builder)
    {
        builder.ToTable("ClientSecrets");
        builder.Property(secret => secret.Name).HasMaxLength(ClientSecret.LongestName);
        builder.HasOne<Client>().WithMany().HasForeignKey(secret => secret.ClientId).OnDelete(DeleteBehavior.Cascade);
    }
}
