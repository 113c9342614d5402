using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Clients;

/// <summary>An access token that was revoked on its own (RFC 7009), kept until it would have expired anyway.</summary>
internal sealed class RevokedToken
{
    /// <summary>The token's <c>jti</c>.</summary>
    public required string Id { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class RevokedTokenConfiguration : IEntityTypeConfiguration<RevokedToken>
{
    public void Configure(EntityTypeBuilder<RevokedToken> builder)
    {
        builder.ToTable("RevokedTokens");
        builder.Property(token => token.Id).HasMaxLength(AccessTokenId.MostCharacters);
        builder.HasIndex(token => token.ExpiresAt);
    }
}
