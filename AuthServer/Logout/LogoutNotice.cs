using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Logout;

/// <summary>
/// The task to tell a client that a session has ended. The row is deleted when the client has been told, or when the server gives up.
/// </summary>
internal sealed class LogoutNotice
{
    public const int LongestError = 200;

    public Guid Id { get; set; }

    /// <summary>The key of the <see cref="Client"/>.</summary>
    public required Guid ApplicationId { get; set; }

    /// <summary>The <c>sid</c>. The session and its user may already be deleted.</summary>
    public required Guid SessionId { get; set; }

    public required string Subject { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>From this time on any node may send the notice. To claim it, the node first moves this time into the future.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>The number of attempts that have begun.</summary>
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
