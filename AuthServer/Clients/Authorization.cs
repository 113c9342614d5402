using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Clients;

/// <summary>
/// The grant of a sign-in to one client, with its refresh tokens. Only the refresh token of <see cref="Generation"/> is valid,
/// so there are never two. An authorization of the type <c>permanent</c> is a consent instead.
/// </summary>
internal sealed class Authorization : OpenIddictEntityFrameworkCoreAuthorization<Guid, Client, Token>
{
    public Guid? SessionId { get; set; }

    /// <summary>When the person authenticated, as the tokens say. The session's own time may be later.</summary>
    public DateTimeOffset? AuthenticatedAt { get; set; }

    /// <summary>How the person authenticated: terms of RFC 8176, separated by spaces.</summary>
    public string? Methods { get; set; }

    /// <summary>The number of the current refresh token, from 1; 0 if the client was given none.</summary>
    public int Generation { get; set; }

    /// <summary>
    /// When the refresh token of <see cref="Generation"/> was issued. That is also when its predecessor, or the code, was redeemed.
    /// Null while the code has not been redeemed.
    /// </summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    /// <summary>When the refresh token of <see cref="Generation"/> expires.</summary>
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
