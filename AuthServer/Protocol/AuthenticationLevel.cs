namespace AuthServer.Protocol;

/// <summary>
/// How strong a sign-in was, the <c>acr</c> of OpenID Connect Core 2: <c>aal1</c> and <c>aal2</c> as NIST SP 800-63B 2
/// counts factors, and <c>phr</c> (OpenID Connect EAP ACR Values 2) for a sign-in that resists phishing.
/// </summary>
internal static class AuthenticationLevel
{
    /// <summary>RFC 8176 2: possession of a key was proven, as by a passkey.</summary>
    public const string ProofOfPossession = "pop";

    /// <summary>RFC 8176 2: the user was present, which a passkey ensures.</summary>
    public const string UserPresence = "user";

    /// <summary>RFC 8176 2: a one-time password from an authenticator app, or a recovery code.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>RFC 8176 2: more than one factor.</summary>
    public const string SeveralFactors = "mfa";

    public const string OneFactor = "aal1";
    public const string TwoFactors = "aal2";
    public const string PhishingResistant = "phr";

    /// <summary>From weak to strong. Each level also satisfies a request for a weaker one.</summary>
    public static readonly IReadOnlyList<string> All = [OneFactor, TwoFactors, PhishingResistant];

    /// <returns>The methods after a one-time password has been entered, too.</returns>
    public static IReadOnlyList<string> WithOneTimePassword(IEnumerable<string> methods) =>
        [.. methods.Union([OneTimePassword, SeveralFactors])];

    /// <param name="methods">Names of RFC 8176.</param>
    public static string Of(IReadOnlyList<string> methods) =>
        methods.Contains(ProofOfPossession) ? PhishingResistant
        : methods.Contains(OneTimePassword) ? TwoFactors
        : OneFactor;

    /// <param name="asked">The <c>acr_values</c> of a request, of which one is enough. Unknown values are ignored.</param>
    public static bool Satisfies(IReadOnlyList<string> methods, IEnumerable<string> asked)
    {
        var needed = asked.Select(value => IndexOf(value)).Where(index => index >= 0).DefaultIfEmpty(0).Min();
        return IndexOf(Of(methods)) >= needed;
    }

    /// <returns>The strongest of <paramref name="levels"/> that a sign-in of this level satisfies; null if there is none.</returns>
    /// <param name="levels">From weak to strong.</param>
    public static string? StrongestOf(string level, IReadOnlyList<string> levels) =>
        levels.LastOrDefault(one => IndexOf(one) <= IndexOf(level));

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
