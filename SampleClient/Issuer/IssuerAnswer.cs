using System.Security.Claims;

namespace SampleClient.Issuer;

/// <summary>The reason why the issuer gave no tokens.</summary>
internal enum IssuerFault
{
    /// <summary>The password is wrong, the refresh token is used, expired or revoked, or the issuer must ask the user first.</summary>
    Refused,

    /// <summary>The user refused at the issuer.</summary>
    Denied,

    /// <summary>RFC 9470 5: the user has set up no method that is as strong as the API requires.</summary>
    TooWeak,

    /// <summary>The browser came back with something that belongs to no sign-in that this app has begun with it.</summary>
    Unfinished,

    /// <summary>Too many attempts, or the issuer is overloaded.</summary>
    Busy,

    /// <summary>The issuer gave no answer, or an answer that makes no sense.</summary>
    Away,

    /// <summary>
    /// The issuer does not accept this app: unknown client, wrong secret, or a scope or grant that the app may not use.
    /// </summary>
    RefusesApp,
}

/// <summary>The outcome of a request to the issuer: tokens, or the reason why there are none.</summary>
/// <param name="Tokens">Null if <paramref name="Fault"/> is set. After a revocation, both are null.</param>
/// <param name="Fault">The reason why there are no tokens.</param>
/// <param name="RetryAfter">Set with <see cref="IssuerFault.Busy"/>, if the issuer gave it.</param>
/// <param name="Person">The user, from the validated ID token and userinfo.</param>
internal sealed record IssuerAnswer(
    TokenSet? Tokens, IssuerFault? Fault = null, TimeSpan? RetryAfter = null, ClaimsPrincipal? Person = null)
{
    public static IssuerAnswer Failed(IssuerFault fault, TimeSpan? retryAfter = null) => new(null, fault, retryAfter);
}
