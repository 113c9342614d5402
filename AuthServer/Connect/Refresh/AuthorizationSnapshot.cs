using System.Collections.Immutable;
using AuthServer.Clients;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;

namespace AuthServer.Connect.Refresh;

/// <summary>An authorization with its session, client and user, as one statement has read them: all that a redemption needs.</summary>
internal sealed class AuthorizationSnapshot
{
    public required Guid Id { get; init; }

    public required string? ConcurrencyToken { get; init; }

    public required string? Status { get; init; }

    /// <summary>See <see cref="ScopeList"/>.</summary>
    public required string? Scopes { get; init; }

    /// <summary>See <see cref="RequestedClaims"/>.</summary>
    public required string? Properties { get; init; }

    /// <summary>The number of the refresh token that can be redeemed now.</summary>
    public required int Generation { get; init; }

    /// <summary>When the token of <see cref="Generation"/> was issued. Null until the code has been redeemed.</summary>
    public required DateTimeOffset? RefreshedAt { get; init; }

    /// <summary>Until when the token of <see cref="Generation"/> can be redeemed.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    public required string ClientId { get; init; }

    public required Guid SessionId { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required string Methods { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset SessionExpiresAt { get; init; }

    /// <summary>The user's security stamp at the sign-in: see <see cref="Session.SecurityStamp"/>.</summary>
    public required string SecurityStamp { get; init; }

    public required Guid? ImpersonatorId { get; init; }

    public required Guid? ImpersonatorSessionId { get; init; }

    /// <summary>Until when a browser is signed in; null if the sign-in has no browser.</summary>
    public required DateTimeOffset? BrowserExpiresAt { get; init; }

    /// <summary>Not tracked. Holds only the claims of tokens and what ends a sign-in.</summary>
    public required User User { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public SignIn SignIn => new(User, Roles, AuthenticatedAt, Methods.Split(' ', StringSplitOptions.RemoveEmptyEntries))
    {
        Actor = ImpersonatorId,
    };

    /// <summary>Null for a sign-in of the user.</summary>
    public Impersonation? Impersonation =>
        Sessions.Impersonation.Of(ImpersonatorId, ImpersonatorSessionId, User.Id, BrowserExpiresAt);

    /// <summary>
    /// Why the session must end now; null if it may go on. Identity's lockout is no reason: otherwise anybody could sign a user out by
    /// sending ten wrong passwords.
    /// </summary>
    /// <value>a code of <see cref="SessionEndReasons"/></value>
    public string? ReasonToEnd => User switch
    {
        { DisabledAt: not null } => SessionEndReasons.UserDisabled,
        var user when !Session.IsCurrent(SecurityStamp, ImpersonatorId is not null, user) => SessionEndReasons.CredentialsChanged,
        _ => null,
    };

    /// <summary>The instant, or the end of the impersonation if that is earlier: no token outlives it.</summary>
    public DateTimeOffset Within(DateTimeOffset instant) => Impersonation is { EndsAt: var end } && end < instant ? end : instant;

    /// <summary>The granted scopes without those that the client has lost since the sign-in.</summary>
    public ImmutableArray<string> GrantedScopes(ClientPolicy policy) => [.. ScopeList.Read(Scopes).Where(policy.Grants)];

    /// <summary>
    /// True if the token is the one that was issued as <see cref="Generation"/>. After a restored backup, a lost token may bear the same
    /// number.
    /// </summary>
    public bool Issued(RefreshToken token) => RefreshedAt is { } at && at.ToUnixTimeSeconds() == token.IssuedAt.ToUnixTimeSeconds();

    public SessionEvent EventOf(SessionEventKind kind, int generation, DateTimeOffset at, RequestSource? source) =>
        SessionEvent.Of(kind, SessionId, at, Id, generation, source?.Address);
}
