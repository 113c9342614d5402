using AuthServer.Hosting;
using AuthServer.Throttling;

namespace AuthServer.Device;

/// <summary>
/// Limits how often a device polls (RFC 8628 3.5). Each node counts for itself, like all throttling: in the database, counting would cost a
/// write for each poll, more than the poll that it prevents.
/// </summary>
internal sealed class DevicePolls(TimeProvider time)
{
    /// <summary>The time that a device has to wait between two polls. It is also the default of RFC 8628 3.2.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Network delay varies, so two polls that were sent in time may arrive closer together.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Buckets polls = new(time, capacity: 1, Interval - Slack);

    /// <param name="code">A device code of this server.</param>
    /// <returns>False if the poll comes too soon. Such a poll does not prolong the wait.</returns>
    public bool TryPoll(string code) => polls.TryTake(Fingerprint.Of(code), out _);
}
