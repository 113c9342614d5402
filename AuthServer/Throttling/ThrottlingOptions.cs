namespace AuthServer.Throttling;

/// <summary>
/// The section <c>Throttling</c>. Each limit is a bucket: so many at once, and refilled evenly over the time said.
/// Buckets are kept by each node for itself, so several nodes together let through as many times more.
/// </summary>
internal sealed class ThrottlingOptions
{
    public const string Section = "Throttling";

    /// <summary>Default: yes. No is for a proxy in front that throttles, and for measurements.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Requests a second to the token, introspection and revocation endpoints from one client address, twice as many
    /// at once. Generous, because an office or a whole app may be behind one address. Default: 100.
    /// </summary>
    public int RequestsPerAddress { get; set; } = 100;

    /// <summary>
    /// Sign-ins and sign-outs in a browser, pushed requests and devices of public clients that begin, a minute, from one client address: each
    /// is kept in the database until it is answered. As many requests may name one that is not there. Default: 300.
    /// </summary>
    public int AuthorizationRequestsPerAddress { get; set; } = 300;

    /// <summary>
    /// Failed password grants of public clients in 10 seconds from one client address. Those that succeed do not count.
    /// Default: 20.
    /// </summary>
    public int FailedSignInsPerAddress { get; set; } = 20;

    /// <summary>
    /// Failed password grants in 10 seconds of one confidential client, whose people all come from its servers' addresses.
    /// The app itself must bound each of its visitors. Default: 200.
    /// </summary>
    public int FailedSignInsPerClient { get; set; } = 200;

    /// <summary>Wrong secrets in 10 seconds of one client from one client address. Those that are right do not count. Default: 20.</summary>
    public int FailedSecretsPerClient { get; set; } = 20;

    /// <summary>
    /// Failed password grants a minute for one user name, whether or not there is such an account. More than lead to a
    /// lockout, which outlives a restart and knows an account by all its names. Default: 20.
    /// </summary>
    public int FailedSignInsPerAccount { get; set; } = 20;
}
