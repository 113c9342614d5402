using System.Diagnostics;
using OpenTelemetry.Trace;

namespace AuthServer.Monitoring;

/// <summary>
/// Decides which requests are traced. What a client says about its own trace does not count: it could make the server trace everything,
/// or hide itself. Background work is not traced, because it asks the database every few seconds.
/// </summary>
/// <param name="share">The share of the requests, from 0 to 1.</param>
internal sealed class EdgeSampler(double share) : Sampler
{
    private readonly TraceIdRatioBasedSampler requests = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        return parent != default && !parent.IsRemote
            ? new SamplingResult(
                parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop)
            : samplingParameters.Kind is ActivityKind.Server ? requests.ShouldSample(samplingParameters)
            : new SamplingResult(SamplingDecision.Drop);
    }
}
