using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using AuthServer.Hosting;
using AuthServer.Protocol;

namespace AuthServer.SecurityLog;

/// <param name="Id">The id of the event, so that a batch that is written twice is one.</param>
/// <param name="Mark">The mark of a typed name that no account has.</param>
/// <param name="Source">Without an address if the request came from an app's own server.</param>
internal sealed record RefusedSignIn(
    Guid Id, SecurityEvent Event, string? Mark, string? ClientId, RequestSource Source, string? TraceId);

/// <summary>
/// Takes refused sign-ins for the audit. They are written a moment later, many at once, so that the response time does not tell a known
/// account from an unknown one, and an attack costs the database little. A refusal that costs the sender nothing is taken once a minute for
/// each account and address.
/// </summary>
internal sealed class RefusalAudit(TimeProvider time)
{
    private const int MostWaiting = 10_000;
    private const int MostSeen = 10_000;
    private static readonly TimeSpan SeenFor = TimeSpan.FromMinutes(1);

    private readonly Channel<RefusedSignIn> waiting = Channel.CreateBounded<RefusedSignIn>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly ConcurrentDictionary<(Guid? Subject, Fingerprint Network), DateTimeOffset> seen = [];
    private long dropped;

    public ChannelReader<RefusedSignIn> Waiting => waiting.Reader;

    /// <returns>The number of refusals that did not fit since the last call.</returns>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    /// <param name="network">The address as the throttles count it, see <c>ClientAddress</c>.</param>
    public void Offer(SecurityEvent refusal, string? mark, string? clientId, RequestSource source, Fingerprint network)
    {
        if (refusal.Kind is SecurityEventKinds.SignInThrottled ? !IsNew((refusal.Subject, network)) : !IsSignIn(refusal))
        {
            return;
        }

        var trace = Activity.Current?.TraceId.ToString();
        if (!waiting.Writer.TryWrite(new(Guid.CreateVersion7(), refusal, mark, clientId, source, trace)))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    // Throttles limit these. Refusals of an app's request, such as a wrong secret, are in the log only: anybody can send millions of them.
    private static bool IsSignIn(SecurityEvent refusal) =>
        SecurityEventKinds.MethodOf(refusal.Kind) is not null
        || refusal.Kind is SecurityEventKinds.DeviceCodeRefused
        || refusal.Code is RefusalCodes.SecondFactorMissing;

    private bool IsNew((Guid?, Fingerprint) what)
    {
        var now = time.GetUtcNow();
        if (seen.Count >= MostSeen)
        {
            foreach (var (old, _) in seen.Where(entry => entry.Value + SeenFor <= now))
            {
                seen.TryRemove(old, out _);
            }
        }

        if (seen.Count >= MostSeen && !seen.ContainsKey(what))
        {
            return false;
        }

        var isNew = true;
        seen.AddOrUpdate(what, now, (_, last) => (isNew = last + SeenFor <= now) ? now : last);
        return isNew;
    }
}
