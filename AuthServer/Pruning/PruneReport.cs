namespace AuthServer.Pruning;

/// <summary>What a run of pruning has taken away so far, or would.</summary>
internal sealed class PruneReport
{
    /// <summary>With all that hangs on them.</summary>
    public int Sessions { get; set; }

    /// <summary>Of sessions that are still kept.</summary>
    public int Events { get; set; }

    public int RevokedTokens { get; set; }

    public int SpentValues { get; set; }

    /// <summary>Counts of names, with or without an account.</summary>
    public int SignInFailures { get; set; }

    public int Tokens { get; set; }

    /// <summary>Of no session.</summary>
    public int Authorizations { get; set; }

    public override string ToString() =>
        $"{Sessions} sessions, {Events} events, {RevokedTokens} revoked tokens, {SpentValues} spent values, {SignInFailures} counts of failed sign-ins, {Tokens} tokens, {Authorizations} authorizations";
}
