using System.Diagnostics.Metrics;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AuditSeals;

/// <summary>
/// Chains new events, signs the end of the chain from time to time, and deletes what is older than its retention. One node does it at a
/// time; if two do, the unique index on the event and the key on the sequence let only one of them through.
/// </summary>
internal sealed partial class AuditSealer(
    IServiceScopeFactory scopes, IMeterFactory meters, TimeProvider time, ILogger<AuditSealer> logger) : BackgroundService
{
    private const string LeaseName = "audit-seal";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    // Another node seals within seconds. If this one sees unsealed events for so long, nobody seals.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Guid owner = Guid.CreateVersion7();

    private DateTimeOffset? waitsSince;
    private DateTimeOffset? stalledAt;
    private DateTimeOffset pruneAt = time.GetUtcNow() + PruneInterval;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        meters.Create(ServerMetrics.MeterName).CreateObservableGauge(
            "authserver.audit.seal.lag", () => waitsSince is { } since ? (time.GetUtcNow() - since).TotalSeconds : 0, "s",
            "How long events of the audit have waited for their link; 0 if none waits.");
        while (!stoppingToken.IsCancellationRequested)
        {
            await SealAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SealAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var run = scope.ServiceProvider.GetRequiredService<AuditSealRun>();
            var pruning = scope.ServiceProvider.GetRequiredService<AuditPruning>();
            var prunes = time.GetUtcNow() >= pruneAt;
            var hasWork = await run.HasWorkAsync(stoppingToken);
            waitsSince = hasWork ? waitsSince ?? time.GetUtcNow() : null;
            stalledAt = hasWork ? stalledAt : null;
            if (!hasWork && !prunes)
            {
                return;
            }

            if (!await scope.ServiceProvider.GetRequiredService<Leases>().TryTakeAsync(LeaseName, owner, LeaseTime, stoppingToken))
            {
                if (waitsSince is { } since && (stalledAt ?? since) + Patience < time.GetUtcNow())
                {
                    Log.Stalled(logger, since);
                    stalledAt = time.GetUtcNow();
                }

                return;
            }

            await run.RunAsync(stoppingToken);
            waitsSince = null;
            if (prunes)
            {
                await pruning.RunAsync(stoppingToken);
                pruneAt = time.GetUtcNow() + PruneInterval;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            // The next run continues.
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            Log.Unavailable(logger, Failure.DatabaseProblem(exception));
        }
        catch (AuditBrokenException exception)
        {
            Log.Broken(logger, exception.Message);
        }
        catch (DbUpdateException)
        {
            Log.Elsewhere(logger);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The audit cannot be sealed: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "Another node seals the audit, too; it was faster")]
        public static partial void Elsewhere(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
        public static partial void Broken(ILogger logger, string problem);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Events of the audit have waited for their link since {Since:u}: another node holds the lease")]
        public static partial void Stalled(ILogger logger, DateTimeOffset since);

        [LoggerMessage(Level = LogLevel.Error, Message = "The audit cannot be sealed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
