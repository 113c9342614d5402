using AuthServer.Users;

namespace AuthServer.Protocol;

/// <summary>An authenticated user.</summary>
/// <param name="User">Freshly read from the database.</param>
/// <param name="Roles">The names of the person's roles, as freshly read.</param>
/// <param name="AuthenticatedAt">The time of the authentication, the <c>auth_time</c> of OpenID Connect Core 2. A refresh keeps it.</param>
/// <param name="Methods">The methods of the authentication, as RFC 8176 names them (<c>pwd</c>, <c>otp</c>).</param>
internal sealed record SignIn(User User, IReadOnlyList<string> Roles, DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Methods)
{
    /// <summary>The administrator who acts as the user, the <c>act</c> of RFC 8693 4.1; null if the user has signed in.</summary>
    public Guid? Actor { get; init; }

    /// <summary>The greatest number of characters of <see cref="Methods"/>, separated by spaces.</summary>
    public const int LongestMethods = 100;

    /// <summary>
    /// The time of the authentication, but not later than <paramref name="now"/>. The clock of the node that signed the user in may be
    /// ahead, and a token must not be issued before its own <c>auth_time</c>.
    /// </summary>
    public DateTimeOffset AuthenticatedBy(DateTimeOffset now) => AuthenticatedAt <= now ? AuthenticatedAt : now;
}
