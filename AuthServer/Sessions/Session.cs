using AuthServer.Clients;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Sessions;

/// <summary>
/// One sign-in of a user; its id is the <c>sid</c> of tokens. The authorizations of clients belong to it: of one client with the
/// password or device grant, of many clients in a browser.
/// </summary>
internal sealed class Session
{
    public const int LongestText = RequestSource.LongestAgent;
    public const int LongestReason = 200;

    /// <summary>The shortest time between two writes of <see cref="LastSeenAt"/>.</summary>
    public static readonly TimeSpan LastSeenStep = TimeSpan.FromMinutes(1);

    public Guid Id { get; set; }

    public required Guid UserId { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the user last authenticated, the <c>auth_time</c> of OpenID Connect Core 2.</summary>
    public required DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>The methods of the authentication, as RFC 8176 names them, separated by spaces.</summary>
    public required string Methods { get; set; }

    /// <summary>
    /// The user's security stamp. If the user has another stamp now, credentials have changed, which ends the session. An impersonation has
    /// <see cref="ImpersonatedStamp"/> before it.
    /// </summary>
    public required string SecurityStamp { get; set; }

    /// <summary>Written at most once every <see cref="LastSeenStep"/>.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The latest instant at which a token of this sign-in can be refreshed, or a browser is signed in.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Until when a browser is signed in (<see cref="BrowserSessions"/>); null if the sign-in has no browser.</summary>
    public DateTimeOffset? BrowserExpiresAt { get; set; }

    /// <summary>
    /// Also in the browser's cookie. It changes each time the user authenticates or shows a factor, so that earlier copies of the
    /// cookie are worthless.
    /// </summary>
    public string? BrowserNonce { get; set; }

    /// <summary>The IP address from which the user signed in.</summary>
    public string? Address { get; set; }

    /// <summary>The first <see cref="LongestText"/> characters of the <c>User-Agent</c> at the sign-in.</summary>
    public string? UserAgent { get; set; }

    /// <summary>True if the person has never signed in there before. For the audit; not a column.</summary>
    public bool IsOnNewDevice { get; init; }

    /// <summary>The administrator who acts as the user: an <see cref="Impersonation"/>. Null for a sign-in of the user.</summary>
    public Guid? ImpersonatorId { get; set; }

    /// <summary>The administrator's own sign-in.</summary>
    public Guid? ImpersonatorSessionId { get; set; }

    /// <summary>Why, in the administrator's words.</summary>
    public string? ImpersonationReason { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A code of <see cref="SessionEndReasons"/>.</summary>
    public string? EndReason { get; set; }

    public static Session Begin(SignIn signIn, RequestSource source, DateTimeOffset expiresAt, bool isOnNewDevice = false) => new()
    {
        UserId = signIn.User.Id,
        CreatedAt = signIn.AuthenticatedAt,
        AuthenticatedAt = signIn.AuthenticatedAt,
        LastSeenAt = signIn.AuthenticatedAt,
        ExpiresAt = expiresAt,
        Methods = string.Join(' ', signIn.Methods),
        SecurityStamp = signIn.User.Stamp,
        Address = source.Address,
        UserAgent = source.UserAgent,
        IsOnNewDevice = isOnNewDevice,
    };

    /// <summary>
    /// Begins the stamp of an impersonation. Nodes of a version that knows no impersonation compare the stamp with the user's, and so refuse
    /// the cookie and all tokens of the session.
    /// </summary>
    public const string ImpersonatedStamp = "impersonated:";

    public static Session Impersonate(ImpersonationOffer offer, User user, RequestSource source, DateTimeOffset now) => new()
    {
        Id = offer.Id,
        UserId = user.Id,
        CreatedAt = now,
        AuthenticatedAt = now,
        LastSeenAt = now,
        ExpiresAt = now + offer.Duration,
        BrowserExpiresAt = now + offer.Duration,
        Methods = "",
        SecurityStamp = ImpersonatedStamp + user.Stamp,
        Address = source.Address,
        UserAgent = source.UserAgent,
        ImpersonatorId = offer.Administrator,
        ImpersonatorSessionId = offer.Session,
        ImpersonationReason = offer.Reason,
    };

    /// <returns>Null for a sign-in of the user.</returns>
    public Impersonation? AsImpersonation() => Impersonation.Of(ImpersonatorId, ImpersonatorSessionId, UserId, BrowserExpiresAt);

    /// <summary>True if the user's credentials are those of the sign-in.</summary>
    public static bool IsCurrent(string stamp, bool isImpersonation, User user) =>
        stamp == (isImpersonation ? ImpersonatedStamp + user.Stamp : user.Stamp);

    /// <summary>An instance to attach in order to change a property without reading the row.</summary>
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
        builder.Ignore(session => session.IsOnNewDevice);
        builder.Property(session => session.Methods).HasMaxLength(SignIn.LongestMethods);
        builder.Property(session => session.SecurityStamp).HasMaxLength(100);
        builder.Property(session => session.BrowserNonce).HasMaxLength(50);
        builder.Property(session => session.Address).HasMaxLength(50);
        builder.Property(session => session.UserAgent).HasMaxLength(Session.LongestText);
        builder.Property(session => session.EndReason).HasMaxLength(50);
        builder.Property(session => session.ImpersonationReason).HasMaxLength(Session.LongestReason);
        builder.HasMany<Authorization>().WithOne().HasForeignKey(authorization => authorization.SessionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);

        // For pruning. No index contains a column that a refresh writes, so PostgreSQL need not update an index then.
        builder.HasIndex(session => session.ExpiresAt);

        // For lists, the newest first.
        builder.HasIndex(session => new { session.CreatedAt, session.Id });
    }
}
