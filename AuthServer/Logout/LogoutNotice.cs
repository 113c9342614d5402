using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Logout;

/// <summary>That a client is still to be told of the end of a session. The row goes when it has been, or when that is given up.</summary>
internal sealed class LogoutNotice
{
    public const int LongestError = 200;

    public Guid Id { get; set; }

    /// <summary>The key of the <see cref="Client"/>.</summary>
    public required Guid ApplicationId { get; set; }

    /// <summary>The <c>sid</c>. The session itself may be gone by then, with its person.</summary>
    public required Guid SessionId { get; set; }

    public required string Subject { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>From then on any node may send it. Whoever does moves it ahead first.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>Begun, this one included.</summary>
    public int Attempts { get; set; }

    public string? LastError { get; set; }
}

internal sealed class LogoutNoticeConfiguration : IEntityTypeConfiguration<LogoutNotice>
{
    public void Configure(EntityTypeBuilder<LogoutNotice> builder)
    {
        builder.ToTable("LogoutNotices");
        builder.Property(notice => notice.Subject).HasMaxLength(100);
        builder.Property(notice => notice.LastError).HasMaxLength(LogoutNotice.LongestError);
        builder.HasOne<Client>().WithMany().HasForeignKey(notice => notice.ApplicationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(notice => notice.DueAt);
    }
}
