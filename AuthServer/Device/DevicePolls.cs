using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Throttling;

namespace AuthServer.Device;

/// <summary>
/// How often a device asks whether it has been let in (RFC 8628 3.5). Counted on each node for itself, as all throttling is: in
/// the database it would cost a write with each poll, more than the poll that it is to spare.
/// </summary>
internal sealed class DevicePolls(TimeProvider time)
{
    /// <summary>What a device has to wait between two polls, and what RFC 8628 3.2 means where nothing is said.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Of two polls sent in time the second may have been the faster on its way.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Buckets polls = new(time, capacity: 1, Interval - Slack);

    /// <param name="code">A device code of this server.</param>
    /// <returns>False when it is too soon. Such a poll does not make the device wait longer.</returns>
    public bool TryPoll(string code) =>
        polls.TryTake(BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(code))), out _);
}
