using System.Security.Claims;

namespace SampleClient.Issuer;

/// <summary>Why the issuer gave no tokens.</summary>
internal enum IssuerFault
{
    /// <summary>A wrong password, a refresh token that is used, expired or revoked, or a sign-in that the issuer wants to see anew.</summary>
    Refused,

    /// <summary>The person said no at the issuer.</summary>
    Denied,

    /// <summary>RFC 9470 5: the person has nothing set up that is as strong as an API asks for.</summary>
    TooWeak,

    /// <summary>The browser came back with something that belongs to no sign-in that this app has begun with it.</summary>
    Unfinished,

    /// <summary>Too many attempts, or too much to do.</summary>
    Busy,

    /// <summary>No answer, or none that makes sense.</summary>
    Away,

    /// <summary>It does not accept this app: unknown client, wrong secret, a scope or grant that the app may not have.</summary>
    RefusesApp,
}

/// <summary>What came of asking the issuer: tokens, or why there are none.</summary>
/// <param name="Tokens">Null exactly when <paramref name="Fault"/> is not.</param>
/// <param name="Fault">Why there are none.</param>
/// <param name="RetryAfter">With <see cref="IssuerFault.Busy"/>, when the issuer said so.</param>
/// <param name="Person">Who signed in, from the validated identity token and userinfo.</param>
internal sealed record IssuerAnswer(TokenSet? Tokens, IssuerFault? Fault = null, TimeSpan? RetryAfter = null, ClaimsPrincipal? Person = null)
{
    public static IssuerAnswer Failed(IssuerFault fault, TimeSpan? retryAfter = null) => new(null, fault, retryAfter);
}
