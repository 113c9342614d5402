namespace AuthServer.Monitoring;

/// <summary>
/// The section <c>Management</c>: a port of its own for Prometheus and for the details of the health checks. It has no sign-in, so only
/// machines that watch the server may reach it. The public port serves neither.
/// </summary>
internal sealed class ManagementOptions
{
    public const string Section = "Management";

    public const string DefaultUrl = "http://127.0.0.1:9464";

    /// <summary>Whether this node has a management port.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Where it listens. The default is this machine only. If something else listens there, the server starts without it and logs a
    /// warning. An address that was set must be free.
    /// </summary>
    /// <value>http, an IP address or <c>localhost</c>, and a port</value>
    public string Url { get; set; } = DefaultUrl;
}
