using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.SecondFactors;

/// <summary>A person's authenticator app (RFC 6238), and the recovery codes for the day it is lost.</summary>
internal sealed class Authenticator
{
    public const int LongestSecret = 500;
    public const int LongestCodes = 1000;

    public required Guid UserId { get; set; }

    /// <summary>Protected by Data Protection.</summary>
    public required string ProtectedSecret { get; set; }

    /// <summary>When the first code was right. From then on, codes are asked for.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The time step of the last accepted code. No code is accepted twice (RFC 6238 5.2).</summary>
    public long LastStep { get; set; }

    /// <summary>The number of wrong codes in a row. A code that is being checked already counts.</summary>
    public int WrongCodes { get; set; }

    /// <summary>Until when no code of the app is checked, because too many were wrong.</summary>
    public DateTimeOffset? BlockedUntil { get; set; }

    /// <summary>
    /// The last accepted code, its kind and its form: see <see cref="CodeUse"/>. The form, sent twice, gets the same answer twice.
    /// </summary>
    public string? LastUse { get; set; }

    /// <summary>SHA-256 of each unused recovery code, in base64url, separated by spaces.</summary>
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
        builder.HasOne<User>().WithOne().HasForeignKey<Authenticator>(authenticator => authenticator.UserId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}
