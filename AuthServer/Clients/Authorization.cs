using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>
/// What a sign-in gave to one client, and the family of its refresh tokens: there is one at a time, the one of
/// <see cref="Generation"/>, so that no two can be alive.
/// </summary>
internal sealed class Authorization : OpenIddictEntityFrameworkCoreAuthorization<Guid, Client, Token>
{
    public Guid? SessionId { get; set; }

    /// <summary>When the person had shown who they are, as the tokens tell it. The session's own may be later.</summary>
    public DateTimeOffset? AuthenticatedAt { get; set; }

    /// <summary>How, as RFC 8176 names it, separated by spaces.</summary>
    public string? Methods { get; set; }

    /// <summary>Counts the refresh tokens from 1; 0 when the client was given none.</summary>
    public int Generation { get; set; }

    /// <summary>
    /// When the refresh token of <see cref="Generation"/> was issued, which is when the one before it, or the code, was
    /// redeemed. Null for a code that was not.
    /// </summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    /// <summary>Until when it can be redeemed.</summary>
    public DateTimeOffset? RefreshExpiresAt { get; set; }
}

internal sealed class AuthorizationConfiguration : IEntityTypeConfiguration<Authorization>
{
    public void Configure(EntityTypeBuilder<Authorization> builder)
    {
        builder.Property(authorization => authorization.Methods).HasMaxLength(SignIn.LongestMethods);
        builder.HasIndex(authorization => authorization.Subject);
        builder.HasMany(authorization => authorization.Tokens).WithOne(token => token.Authorization).OnDelete(DeleteBehavior.Cascade);
    }
}
