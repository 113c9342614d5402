using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.AdminApi;

/// <summary>
/// The answer to a request with the header <c>Idempotency-Key</c>, saved in the transaction of its change: whoever repeats the request gets
/// the same answer, and nothing is done twice.
/// </summary>
internal sealed class IdempotencyKey
{
    public const int LongestId = 64;

    /// <summary>A hash of the caller and the key.</summary>
    public required string Id { get; set; }

    /// <summary>A hash of method, address and body.</summary>
    public required string Request { get; set; }

    /// <summary>Status, headers and body, encrypted by Data Protection: the answer can have a secret in it.</summary>
    public required byte[] Answer { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("IdempotencyKeys");
        builder.Property(key => key.Id).HasMaxLength(IdempotencyKey.LongestId);
        builder.Property(key => key.Request).HasMaxLength(IdempotencyKey.LongestId);
        builder.HasIndex(key => key.ExpiresAt);
    }
}
