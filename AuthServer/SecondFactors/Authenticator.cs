using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.SecondFactors;

/// <summary>A person's authenticator app (RFC 6238) and the codes for the day it is lost.</summary>
internal sealed class Authenticator
{
    public const int LongestSecret = 500;
    public const int LongestCodes = 1000;

    public required Guid UserId { get; set; }

    /// <summary>Protected by Data Protection.</summary>
    public required string ProtectedSecret { get; set; }

    /// <summary>When its first code was right. It counts from then on.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The time step of the last code taken: none is taken twice (RFC 6238 5.2).</summary>
    public long LastStep { get; set; }

    /// <summary>In a row; one that is being looked at counts already.</summary>
    public int WrongCodes { get; set; }

    /// <summary>Until when there have been too many of them to look at another.</summary>
    public DateTimeOffset? BlockedUntil { get; set; }

    /// <summary>Which form the last code came in, and what it was: sent twice, it is answered twice alike.</summary>
    public string? LastUse { get; set; }

    /// <summary>SHA-256 of the recovery codes that are left, in base64url, separated by spaces.</summary>
    public string RecoveryCodes { get; set; } = "";
}

internal sealed class AuthenticatorConfiguration : IEntityTypeConfiguration<Authenticator>
{
    public void Configure(EntityTypeBuilder<Authenticator> builder)
    {
        builder.ToTable("Authenticators");
        builder.HasKey(authenticator => authenticator.UserId);
        builder.Property(authenticator => authenticator.UserId).ValueGeneratedNever();
        builder.Property(authenticator => authenticator.ProtectedSecret).HasMaxLength(Authenticator.LongestSecret);
        builder.Property(authenticator => authenticator.LastUse).HasMaxLength(100);
        builder.Property(authenticator => authenticator.RecoveryCodes).HasMaxLength(Authenticator.LongestCodes);
        builder.HasOne<User>().WithOne().HasForeignKey<Authenticator>(authenticator => authenticator.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
