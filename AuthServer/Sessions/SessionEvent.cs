using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Sessions;

internal enum SessionEventKind
{
    /// <summary>A client got its first tokens.</summary>
    Issued,

    /// <summary>A refresh token was redeemed; <see cref="SessionEvent.Generation"/> is its successor's.</summary>
    Refreshed,

    /// <summary>A redeemed refresh token was used again within the leeway and got the same successor.</summary>
    LeewayHit,

    /// <summary>A redeemed refresh token was used again after the leeway, or an authorization code was redeemed again.</summary>
    Reused,

    /// <summary>The session, or the authorization of one client in it, was ended. <see cref="SessionEvent.Reason"/> says why.</summary>
    Revoked,

    /// <summary>A refresh token was used after it had expired.</summary>
    Expired,
}

/// <summary>An event in the life of a session. The events answer the question "why was I logged out?".</summary>
internal sealed class SessionEvent
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid SessionId { get; set; }

    /// <summary>The authorization of one client in the session; null if the event concerns the whole session.</summary>
    public Guid? AuthorizationId { get; set; }

    public required DateTimeOffset At { get; set; }

    public required SessionEventKind Kind { get; set; }

    /// <summary>The number of the refresh token within its authorization, from 1.</summary>
    public int? Generation { get; set; }

    public string? Address { get; set; }

    /// <summary>A code of <see cref="SessionEndReasons"/>.</summary>
    public string? Reason { get; set; }

    public static SessionEvent Of(
        SessionEventKind kind, Guid session, DateTimeOffset at, Guid? authorization = null, int? generation = null,
        string? address = null, string? reason = null) =>
        new()
        {
            SessionId = session,
            AuthorizationId = authorization,
            At = at,
            Kind = kind,
            Generation = generation,
            Address = address,
            Reason = reason,
        };
}

internal sealed class SessionEventConfiguration : IEntityTypeConfiguration<SessionEvent>
{
    public void Configure(EntityTypeBuilder<SessionEvent> builder)
    {
        builder.ToTable("SessionEvents");

        // Only one index, in the order of the queries, because every refresh adds a row. It sorts by time, because SQL Server sorts ids in
        // another order.
        builder.HasKey(entry => new { entry.SessionId, entry.At, entry.Id });
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Property(entry => entry.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(entry => entry.Address).HasMaxLength(50);
        builder.Property(entry => entry.Reason).HasMaxLength(50);
        builder.HasOne<Session>().WithMany().HasForeignKey(entry => entry.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
