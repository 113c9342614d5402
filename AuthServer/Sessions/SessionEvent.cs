using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Sessions;

internal enum SessionEventKind
{
    /// <summary>A client got its first tokens.</summary>
    Issued,

    /// <summary>A refresh token was redeemed; <see cref="SessionEvent.Generation"/> is its successor's.</summary>
    Refreshed,

    /// <summary>A redeemed refresh token came again within the leeway and got the same successor.</summary>
    LeewayHit,

    /// <summary>A redeemed refresh token came again after the leeway, or a redeemed authorization code at all.</summary>
    Reused,

    /// <summary>The session, or what it gave to one client, was ended; <see cref="SessionEvent.Reason"/> says why.</summary>
    Revoked,

    /// <summary>A refresh token came after its time.</summary>
    Expired,
}

/// <summary>What happened to a session: the answer to "why was I logged out?".</summary>
internal sealed class SessionEvent
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid SessionId { get; set; }

    /// <summary>The client's part of the session; null for what concerned all of it.</summary>
    public Guid? AuthorizationId { get; set; }

    public required DateTimeOffset At { get; set; }

    public required SessionEventKind Kind { get; set; }

    /// <summary>Counts the refresh tokens of an authorization, from 1.</summary>
    public int? Generation { get; set; }

    public string? Address { get; set; }

    /// <summary>A code of <see cref="SessionEndReasons"/>.</summary>
    public string? Reason { get; set; }

    public static SessionEvent Of(
        SessionEventKind kind, Guid session, DateTimeOffset at, Guid? authorization = null, int? generation = null, string? address = null, string? reason = null) =>
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

        // One index, by what they are asked for: a row comes with every refresh. By the instant, because SQL Server sorts ids otherwise.
        builder.HasKey(entry => new { entry.SessionId, entry.At, entry.Id });
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Property(entry => entry.Kind).HasConversion<string>().HasMaxLength(20);
        builder.Property(entry => entry.Address).HasMaxLength(50);
        builder.Property(entry => entry.Reason).HasMaxLength(50);
        builder.HasOne<Session>().WithMany().HasForeignKey(entry => entry.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
