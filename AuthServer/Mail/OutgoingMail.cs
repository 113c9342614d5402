using AuthServer.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Mail;

/// <summary>A mail that has not been handed over yet. The row is deleted when it has been, or when it is given up.</summary>
internal sealed class OutgoingMail : OutboxMessage
{
    public required MailKind Kind { get; set; }

    /// <summary>
    /// For operators and for <see cref="MailLanes"/>. The mail goes to the address in <see cref="ProtectedLetter"/>, which nobody can
    /// change.
    /// </summary>
    public required string Recipient { get; set; }

    /// <summary>
    /// The account that the mail is about, for the audit; null if there is none yet, or a node of an earlier version wrote the mail.
    /// </summary>
    public Guid? UserId { get; set; }

    public required string Language { get; set; }

    /// <summary>The <see cref="Letter"/>, encrypted by Data Protection, because it has links that sign people in.</summary>
    public required string ProtectedLetter { get; set; }

    /// <summary>From then on the mail is not sent any more.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class OutgoingMailConfiguration : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder)
    {
        builder.ToTable("Mails");
        builder.ConfigureOutboxMessage();
        builder.Property(mail => mail.Kind).HasConversion<string>().HasMaxLength(30);
        builder.Property(mail => mail.Recipient).HasMaxLength(MailAddress.Longest);
        builder.Property(mail => mail.Language).HasMaxLength(10);
    }
}
