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

    /// <summary>
    /// The secrets that are valid now, the oldest first. The rows count only while the client's own hash is one of theirs: the platform file
    /// and earlier versions of this program replace all secrets at once by writing there. The own hash is then the only one; the id of its
    /// secret is the client's, it has no name, and when it was made is not known.
    /// </summary>
    /// <param name="rows">All of the client.</param>
    public static IReadOnlyList<ClientSecret> ValidOf(Client client, IReadOnlyCollection<ClientSecret> rows, DateTimeOffset now) =>
        client.ClientSecret is not { Length: > 0 } own ? []
        : rows.Any(row => row.Hash == own)
            ? [.. rows.Where(row => row.ExpiresAt is null || row.ExpiresAt > now).OrderBy(row => row.CreatedAt)]
        : [new ClientSecret { Id = client.Id, ClientId = client.Id, Name = "", Hash = own, CreatedAt = DateTimeOffset.MinValue }];
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
