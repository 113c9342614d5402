using AuthServer.Clients;
using AuthServer.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Logout;

/// <summary>
/// The task to tell a client that a session has ended. The row is deleted when the client has been told, or when the server gives up.
/// </summary>
internal sealed class LogoutNotice : OutboxMessage
{
    /// <summary>The key of the <see cref="Client"/>.</summary>
    public required Guid ApplicationId { get; set; }

    /// <summary>The <c>sid</c>. The session and its user may already be deleted.</summary>
    public required Guid SessionId { get; set; }

    public required string Subject { get; set; }
}

internal sealed class LogoutNoticeConfiguration : IEntityTypeConfiguration<LogoutNotice>
{
    public void Configure(EntityTypeBuilder<LogoutNotice> builder)
    {
        builder.ToTable("LogoutNotices");
        builder.ConfigureOutboxMessage();
        builder.Property(notice => notice.Subject).HasMaxLength(100);
        builder.HasOne<Client>().WithMany().HasForeignKey(notice => notice.ApplicationId).OnDelete(DeleteBehavior.Cascade);
    }
}
