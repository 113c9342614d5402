using System.Net;
using System.Threading.Channels;
using AuthServer.Throttling;

namespace AuthServer.SupportCodes;

/// <summary>
/// The steps that wait to be written. A request only adds to it. Beyond the limits, a step is dropped and counted: anybody can cause steps.
/// </summary>
internal sealed class StepQueue(TimeProvider time)
{
    private const int MostWaiting = 10_000;

    // An office of some hundred people behind one address signs in within a minute or two.
    private const int MostOfAddress = 600;

    private readonly Channel<SupportStep> waiting = Channel.CreateBounded<SupportStep>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly Buckets addresses = new(time, MostOfAddress, TimeSpan.FromMinutes(1));
    private readonly Lock clock = new();
    private DateTimeOffset last;
    private long dropped;

    public ChannelReader<SupportStep> Waiting => waiting.Reader;

    /// <returns>The number of steps that were dropped since the last call.</returns>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    public void Offer(SupportStep step, IPAddress? address)
    {
        if (!addresses.TryTake(ClientAddress.Key(address), out _) || !waiting.Writer.TryWrite(step))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    /// <returns>The present instant in microseconds, as PostgreSQL keeps it; later than that of every step before.</returns>
    public DateTimeOffset Now()
    {
        lock (clock)
        {
            var now = time.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
            return last = now > last ? now : last.AddMicroseconds(1);
        }
    }
}
