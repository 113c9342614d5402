using AuthServer.Hosting;
using AuthServer.Throttling;

namespace AuthServer.Device;

/// <summary>
/// Limits each person's guesses of user codes (RFC 8628 5.1). A few typing errors are allowed, thousands of attempts are not.
/// </summary>
internal sealed class DeviceThrottle(TimeProvider time)
{
    private readonly Buckets people = new(time, 10, TimeSpan.FromMinutes(10));

    public bool TryAsk(Guid person, out TimeSpan retryAfter) => people.TryTake(Key(person), out retryAfter);

    /// <summary>The code was right, so the attempt does not count.</summary>
    public void GiveBack(Guid person) => people.GiveBack(Key(person));

    private static Fingerprint Key(Guid person) => Fingerprint.Read(person.ToByteArray());
}
