using AuthServer.Data;
using AuthServer.Hosting;

namespace AuthServer.SupportCodes;

/// <summary>Writes the steps that requests have added, once a second. While the database is down, it keeps what fits and tries again.</summary>
internal sealed partial class StepRecorder(
    StepQueue queue, StepWriter writer, IServiceScopeFactory scopes, TimeProvider time, ILogger<StepRecorder> logger)
    : QueueRecorder<SupportStep>(queue.Waiting, scopes, time)
{
    protected override Task WriteAsync(
        IServiceProvider services, IReadOnlyList<SupportStep> batch, bool isRepeated, CancellationToken cancellationToken) =>
        writer.WriteAsync(services.GetRequiredService<AuthDbContext>(), batch, isRepeated, cancellationToken);

    protected override void AfterRound()
    {
        if (queue.TakeDropped() is > 0 and var dropped)
        {
            Log.Dropped(logger, dropped);
        }
    }

    protected override void LogUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void LogFailed(Exception exception, int count) => Log.Failed(logger, exception, count);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Steps of support codes wait to be written: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} steps of support codes cannot be written")]
        public static partial void Failed(ILogger logger, Exception exception, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} steps of support codes are not kept: too many came at once")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
