using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Mail;

/// <summary>A mail that has not been handed over yet. The row goes when it has, or when it is given up.</summary>
internal sealed class OutgoingMail
{
    public const int LongestError = 200;

    public Guid Id { get; set; }

    public required MailKind Kind { get; set; }

    /// <summary>For operators to see. What counts is the address in <see cref="ProtectedLetter"/>, which nobody can change here.</summary>
    public required string Recipient { get; set; }

    public required string Language { get; set; }

    /// <summary>The <see cref="Letter"/>, which holds links that let people in, protected by Data Protection.</summary>
    public required string ProtectedLetter { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>From then on any node may send it. Whoever does moves it ahead first.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>From then on it is not sent any more.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Begun, this one included.</summary>
    public int Attempts { get; set; }

    public string? LastError { get; set; }
}

internal sealed class OutgoingMailConfiguration : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder)
    {
        builder.ToTable("Mails");
        builder.Property(mail => mail.Kind).HasConversion<string>().HasMaxLength(30);
        builder.Property(mail => mail.Recipient).HasMaxLength(MailAddress.Longest);
        builder.Property(mail => mail.Language).HasMaxLength(10);
        builder.Property(mail => mail.LastError).HasMaxLength(OutgoingMail.LongestError);
        builder.HasIndex(mail => mail.DueAt);
    }
}
