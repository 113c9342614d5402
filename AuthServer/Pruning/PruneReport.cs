namespace AuthServer.Pruning;

/// <summary>Counts the rows that a pruning run has deleted so far, or would delete.</summary>
internal sealed class PruneReport
{
    /// <summary>Sessions. Everything that belongs to them is deleted, too.</summary>
    public int Sessions { get; set; }

    /// <summary>Events of sessions that are still kept.</summary>
    public int Events { get; set; }

    public int RevokedTokens { get; set; }

    public int SpentValues { get; set; }

    /// <summary>Counters of failed sign-ins, for names with or without an account.</summary>
    public int SignInFailures { get; set; }

    public int Tokens { get; set; }

    /// <summary>Authorizations without a session.</summary>
    public int Authorizations { get; set; }

    /// <summary>Steps of support codes.</summary>
    public int SupportSteps { get; set; }

    public override string ToString() =>
        $"{Sessions} sessions, {Events} events, {RevokedTokens} revoked tokens, {SpentValues} spent values, "
        + $"{SignInFailures} counts of failed sign-ins, {Tokens} tokens, {Authorizations} authorizations, {SupportSteps} support steps";
}
