using AuthServer.Users;

namespace AuthServer.Protocol;

/// <summary>A person who has shown who they are.</summary>
/// <param name="User">Freshly read from the database.</param>
/// <param name="Roles">The names of the person's roles, as freshly read.</param>
/// <param name="AuthenticatedAt">When, the <c>auth_time</c> of OpenID Connect Core 2; kept over refreshes.</param>
/// <param name="Methods">How, as RFC 8176 names it (<c>pwd</c>, <c>otp</c>).</param>
internal sealed record SignIn(User User, IReadOnlyList<string> Roles, DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Methods)
{
    /// <summary>In characters, the names separated by spaces.</summary>
    public const int LongestMethods = 100;

    /// <summary>
    /// When, as tokens of this node may say it: the node of the sign-in may have a clock that is ahead, and no token is issued before the
    /// sign-in that it tells of.
    /// </summary>
    public DateTimeOffset AuthenticatedBy(DateTimeOffset now) => AuthenticatedAt <= now ? AuthenticatedAt : now;
}
