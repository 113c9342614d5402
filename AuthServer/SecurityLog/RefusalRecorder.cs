using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.SecurityLog;

/// <summary>Writes refused sign-ins to the audit, once a second. While the database is down, it keeps what fits and tries again.</summary>
internal sealed partial class RefusalRecorder(
    RefusalAudit audit, IServiceScopeFactory scopes, TimeProvider time, ILogger<RefusalRecorder> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<RefusedSignIn> batch = [];

    // True if an earlier attempt may have written the batch, and its answer was lost.
    private bool isRepeated;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WriteAllAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What has arrived until the stop is written, too.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is null or { IsCompleted: true })
        {
            await WriteAllAsync(cancellationToken);
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        while (Fill() && await TryWriteAsync(cancellationToken))
        {
            batch.Clear();
        }

        if (audit.TakeDropped() is > 0 and var dropped)
        {
            Log.Dropped(logger, dropped);
        }
    }

    private bool Fill()
    {
        while (batch.Count < BatchSize && audit.Waiting.TryRead(out var refusal))
        {
            batch.Add(refusal);
        }

        return batch.Count > 0;
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
            var actor = scope.ServiceProvider.GetRequiredService<AuditActor>();
            var there = isRepeated ? await ThereAsync(context, cancellationToken) : [];
            isRepeated = true;
            foreach (var refusal in batch.Where(refusal => !there.Contains(refusal.Id)))
            {
                actor.Begin(refusal.Source.Address, refusal.Source.UserAgent);
                context.Record(FactOf(refusal));
            }

            await context.SaveChangesAsync(cancellationToken);
            isRepeated = false;
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException || cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            Log.Unavailable(logger, Failure.DatabaseProblem(exception));
            return false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug, but no reason to stop the server. The same batch would fail again.
            Log.Failed(logger, exception, batch.Count);
            isRepeated = false;
            return true;
        }
    }

    private async Task<HashSet<Guid>> ThereAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        var ids = batch.ConvertAll(refusal => refusal.Id);
        return await context.Set<AuditEvent>().Where(entry => ids.Contains(entry.Id)).Select(entry => entry.Id).ToHashSetAsync(cancellationToken);
    }

    private static AuditFact FactOf(RefusedSignIn refusal) => new(
        AuditActions.SignInRefused,
        refusal.Event.Subject is { } user ? AuditTarget.User(user) : new AuditTarget(AuditTargets.User, refusal.Mark ?? "unknown"),
        refusal.Event.Code)
    {
        Id = refusal.Id,
        IsRefused = true,
        TraceId = refusal.TraceId,
        Changes = refusal.ClientId is null ? null : AuditFact.Set("client", refusal.ClientId),
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Refused sign-ins wait to be written to the audit: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} refused sign-ins cannot be written to the audit")]
        public static partial void Failed(ILogger logger, Exception exception, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} refused sign-ins are not in the audit: too many came at once")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
