namespace AuthServer.Throttling;

/// <summary>
/// The section <c>Throttling</c>: how much one address, client or user name may ask for before the answer is 429 with <c>Retry-After</c>.
/// Each limit is a bucket: it allows that many at once and refills evenly over its period. One IPv6 address stands for its /64 network.
/// Each node counts for itself, so three nodes allow three times as much.
/// </summary>
internal sealed class ThrottlingOptions
{
    public const string Section = "Throttling";

    /// <summary>Whether this node throttles. Switch it off only behind a proxy that throttles, or to measure.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Requests per second from one address to the endpoints for tokens, introspection, revocation, pushed requests and devices, and to
    /// those of DRF-JWT. Twice as many are allowed at once. The default is high, because an office or an app with all its users can share
    /// one address.
    /// </summary>
    /// <value>1 to 1000000 per second</value>
    public int RequestsPerAddress { get; set; } = 100;

    /// <summary>
    /// Requests per minute from one address that the database has to keep until they are answered: sign-ins and sign-outs that a browser
    /// begins, and the pushed requests and devices of public clients. A separate count of the same size limits requests that name a kept
    /// request which does not exist.
    /// </summary>
    /// <value>1 to 1000000 per minute</value>
    public int AuthorizationRequestsPerAddress { get; set; } = 300;

    /// <summary>
    /// Failed attempts from one address: passwords, codes and passkeys on the pages, and password grants of public clients. Successful
    /// attempts do not count.
    /// </summary>
    /// <value>1 to 1000000 in 10 seconds</value>
    public int FailedSignInsPerAddress { get; set; } = 20;

    /// <summary>
    /// Failed password grants of one confidential client. All its users come from the addresses of its servers, so the client is counted
    /// and not the address. The app has to limit each of its visitors, as SampleClient does.
    /// </summary>
    /// <value>1 to 1000000 in 10 seconds</value>
    public int FailedSignInsPerClient { get; set; } = 200;

    /// <summary>
    /// Requests of one client from one address that present a client secret and are answered 401. Requests with the right secret do not
    /// count.
    /// </summary>
    /// <value>1 to 1000000 in 10 seconds</value>
    public int FailedSecretsPerClient { get; set; } = 20;

    /// <summary>
    /// Failed passwords for one user name, whether or not that account exists. A browser in which the user has signed in before has its own
    /// count, and so have the codes of one user and the passkeys of one address. The limit is higher than the ten failures that lock an
    /// account; the lock outlives a restart and covers all names of the account.
    /// </summary>
    /// <value>1 to 1000000 per minute</value>
    public int FailedSignInsPerAccount { get; set; } = 20;
}
