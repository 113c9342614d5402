using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace AuthServer.SecurityLog;

/// <param name="Mark">The mark of a typed name that no account has.</param>
/// <param name="Address">Null if the request came from an app's own server.</param>
internal sealed record RefusedSignIn(
    SecurityEvent Event, string? Mark, string? ClientId, string? Address, string? UserAgent, string? TraceId, DateTimeOffset At);

/// <summary>
/// Takes refused sign-ins for the audit. They are written a moment later, many at once, so that the response time does not tell a known
/// account from an unknown one, and an attack costs the database little. A refusal that costs the sender nothing is taken once a minute for
/// each account, name and address.
/// </summary>
internal sealed class RefusalAudit(TimeProvider time)
{
    private const int MostWaiting = 10_000;
    private const int MostSeen = 10_000;
    private const int LongestAgent = 256;
    private static readonly TimeSpan SeenFor = TimeSpan.FromMinutes(1);

    private readonly Channel<RefusedSignIn> waiting = Channel.CreateBounded<RefusedSignIn>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly ConcurrentDictionary<(string Kind, Guid? Subject, string? Mark, string? Address), DateTimeOffset> seen = [];
    private long dropped;

    public ChannelReader<RefusedSignIn> Waiting => waiting.Reader;

    /// <returns>The number of refusals that did not fit since the last call.</returns>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    public void Offer(SecurityEvent refusal, string? mark, string? clientId, string? address, string userAgent)
    {
        // Refusals of an app's request, such as a wrong secret, are in the log only: anybody can send millions of them.
        if (refusal.Kind is not SecurityEventKinds.SignInThrottled and not SecurityEventKinds.DeviceCodeRefused
            && SecurityEventKinds.MethodOf(refusal.Kind) is null && refusal.Code is not RefusalCodes.SecondFactorMissing)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (refusal.Kind is SecurityEventKinds.SignInThrottled && !IsNew((refusal.Kind, refusal.Subject, mark, address), now))
        {
            return;
        }

        var agent = userAgent.Length is 0 ? null : userAgent.Length <= LongestAgent ? userAgent : userAgent[..LongestAgent];
        if (!waiting.Writer.TryWrite(new(refusal, mark, clientId, address, agent, Activity.Current?.TraceId.ToString(), now)))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    private bool IsNew((string, Guid?, string?, string?) what, DateTimeOffset now)
    {
        if (seen.Count >= MostSeen)
        {
            seen.Clear();
        }

        var isNew = true;
        seen.AddOrUpdate(what, now, (_, last) => (isNew = last + SeenFor <= now) ? now : last);
        return isNew;
    }
}
