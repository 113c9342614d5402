namespace AuthServer.Protocol;

/// <summary>
/// How strong a sign-in was, the <c>acr</c> of OpenID Connect Core 2: <c>aal1</c> and <c>aal2</c> as NIST SP 800-63B 2
/// counts factors, and <c>phr</c> (OpenID Connect EAP ACR Values 2) for what a forged page cannot get hold of.
/// </summary>
internal static class AuthenticationLevel
{
    /// <summary>RFC 8176 2: possession of a key was proven, as by a passkey.</summary>
    public const string ProofOfPossession = "pop";

    /// <summary>RFC 8176 2: somebody was there, as a passkey makes sure.</summary>
    public const string UserPresence = "user";

    /// <summary>RFC 8176 2: a one-time password, from an app or of the recovery codes.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>RFC 8176 2: more than one factor.</summary>
    public const string SeveralFactors = "mfa";

    public const string OneFactor = "aal1";
    public const string TwoFactors = "aal2";
    public const string PhishingResistant = "phr";

    /// <summary>From weak to strong; each is good for what asks for those before it.</summary>
    public static readonly IReadOnlyList<string> All = [OneFactor, TwoFactors, PhishingResistant];

    /// <returns>The methods of a sign-in that has shown a one-time password, too.</returns>
    public static IReadOnlyList<string> WithOneTimePassword(IEnumerable<string> methods) => [.. methods.Union([OneTimePassword, SeveralFactors])];

    /// <param name="methods">As RFC 8176 names them.</param>
    public static string Of(IReadOnlyList<string> methods) =>
        methods.Contains(ProofOfPossession) ? PhishingResistant
        : methods.Contains(OneTimePassword) ? TwoFactors
        : OneFactor;

    /// <param name="asked">The <c>acr_values</c> of a request, of which one is enough; those that are not ours are not there.</param>
    public static bool Satisfies(IReadOnlyList<string> methods, IEnumerable<string> asked)
    {
        var needed = asked.Select(value => IndexOf(value)).Where(index => index >= 0).DefaultIfEmpty(0).Min();
        return IndexOf(Of(methods)) >= needed;
    }

    /// <returns>The strongest of these that a sign-in of this level is good for; null when it is for none.</returns>
    /// <param name="levels">From weak to strong.</param>
    public static string? Among(string level, IReadOnlyList<string> levels) => levels.LastOrDefault(one => IndexOf(one) <= IndexOf(level));

    private static int IndexOf(string level)
    {
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index] == level)
            {
                return index;
            }
        }

        return -1;
    }
}
