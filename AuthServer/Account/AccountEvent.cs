using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Account;

/// <summary>
/// The events that a version before the audit has noted. The names are stored in the database and are part of the keys of texts.
/// </summary>
internal enum AccountEventKind
{
    PasswordChanged,
    PasswordReset,
    EmailChanged,
    PasskeyAdded,
    PasskeyRemoved,
    AuthenticatorOn,
    AuthenticatorOff,
    NewRecoveryCodes,
    RecoveryCodeUsed,
}

/// <summary>An event of an account from the time before the audit. New rows are not written.</summary>
internal sealed class AccountEvent
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid UserId { get; set; }

    public required DateTimeOffset At { get; set; }

    public required AccountEventKind Kind { get; set; }

    /// <summary>The IP address of the browser.</summary>
    public string? Address { get; set; }

    /// <summary>At most <see cref="Session.LongestText"/> characters of the <c>User-Agent</c>.</summary>
    public string? UserAgent { get; set; }
}

internal sealed class AccountEventConfiguration : IEntityTypeConfiguration<AccountEvent>
{
    public void Configure(EntityTypeBuilder<AccountEvent> builder)
    {
        builder.ToTable("AccountEvents");

        // The user comes first, because rows are read by user.
        builder.HasKey(entry => new { entry.UserId, entry.Id });
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Property(entry => entry.Kind).HasConversion<string>().HasMaxLength(40);
        builder.Property(entry => entry.Address).HasMaxLength(50);
        builder.Property(entry => entry.UserAgent).HasMaxLength(Session.LongestText);
        builder.HasOne<User>().WithMany().HasForeignKey(entry => entry.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
