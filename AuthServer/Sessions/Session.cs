using AuthServer.Clients;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Sessions;

/// <summary>
/// One sign-in of a person; its id is the <c>sid</c> of tokens. All that the sign-in gave to clients hangs on it: to one
/// by the password grant, to many in a browser.
/// </summary>
internal sealed class Session
{
    public const int LongestText = 256;

    /// <summary>How often <see cref="LastSeenAt"/> is written at most.</summary>
    public static readonly TimeSpan LastSeenStep = TimeSpan.FromMinutes(1);

    public Guid Id { get; set; }

    public required Guid UserId { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the person last showed who they are, the <c>auth_time</c> of OpenID Connect Core 2.</summary>
    public required DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>How, as RFC 8176 names it, separated by spaces.</summary>
    public required string Methods { get; set; }

    /// <summary>The user's at the sign-in: another one by now means that credentials have changed, which ends the session.</summary>
    public required string SecurityStamp { get; set; }

    /// <summary>Written at most once every <see cref="LastSeenStep"/>.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The latest instant at which anything of this sign-in can be refreshed, or the browser be signed in by it.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Until when a browser is signed in by it (<see cref="BrowserSessions"/>); null where there is no browser.</summary>
    public DateTimeOffset? BrowserExpiresAt { get; set; }

    /// <summary>In the browser's cookie too, and another after each time that the person has shown something: a copy of before is worth nothing.</summary>
    public string? BrowserNonce { get; set; }

    /// <summary>Where the sign-in came from.</summary>
    public string? Address { get; set; }

    /// <summary>What it came with, at most <see cref="LongestText"/> characters of the <c>User-Agent</c>.</summary>
    public string? UserAgent { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A code of <see cref="SessionEndReasons"/>.</summary>
    public string? EndReason { get; set; }

    public static Session Begin(SignIn signIn, Origin origin, DateTimeOffset expiresAt) => new()
    {
        UserId = signIn.User.Id,
        CreatedAt = signIn.AuthenticatedAt,
        AuthenticatedAt = signIn.AuthenticatedAt,
        LastSeenAt = signIn.AuthenticatedAt,
        ExpiresAt = expiresAt,
        Methods = string.Join(' ', signIn.Methods),
        SecurityStamp = signIn.User.SecurityStamp ?? "",
        Address = origin.Address,
        UserAgent = origin.UserAgent,
    };

    /// <summary>One to attach and change a member of, without reading the row.</summary>
    public static Session Stub(Guid id) => new()
    {
        Id = id,
        UserId = default,
        CreatedAt = default,
        AuthenticatedAt = default,
        Methods = "",
        SecurityStamp = "",
        LastSeenAt = default,
        ExpiresAt = default,
    };
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(session => session.Methods).HasMaxLength(SignIn.LongestMethods);
        builder.Property(session => session.SecurityStamp).HasMaxLength(100);
        builder.Property(session => session.BrowserNonce).HasMaxLength(50);
        builder.Property(session => session.Address).HasMaxLength(50);
        builder.Property(session => session.UserAgent).HasMaxLength(Session.LongestText);
        builder.Property(session => session.EndReason).HasMaxLength(50);
        builder.HasMany<Authorization>().WithOne().HasForeignKey(authorization => authorization.SessionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);

        // For pruning. What a refresh writes stands in no index, so that PostgreSQL need not touch one.
        builder.HasIndex(session => session.ExpiresAt);
    }
}
