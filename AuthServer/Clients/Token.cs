using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>The row of an issued token.</summary>
internal sealed class Token : OpenIddictEntityFrameworkCoreToken<Guid, Client, Authorization>;

internal sealed class TokenConfiguration : IEntityTypeConfiguration<Token>
{
    // Pruning searches by it.
    public void Configure(EntityTypeBuilder<Token> builder) => builder.HasIndex(token => token.ExpirationDate);
}
