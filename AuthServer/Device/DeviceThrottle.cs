using System.Buffers.Binary;
using AuthServer.Throttling;

namespace AuthServer.Device;

/// <summary>Bounds the guesses at user codes (RFC 8628 5.1): a person mistypes some, and nobody tries thousands.</summary>
internal sealed class DeviceThrottle(TimeProvider time)
{
    private readonly Buckets people = new(time, 10, TimeSpan.FromMinutes(10));

    public bool TryAsk(Guid person, out TimeSpan retryAfter) => people.TryTake(Key(person), out retryAfter);

    /// <summary>The code was right.</summary>
    public void GiveBack(Guid person) => people.GiveBack(Key(person));

    private static UInt128 Key(Guid person) => BinaryPrimitives.ReadUInt128BigEndian(person.ToByteArray());
}
