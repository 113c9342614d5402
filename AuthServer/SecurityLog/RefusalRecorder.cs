using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.SecurityLog;

/// <summary>Writes refused sign-ins to the audit.</summary>
internal sealed partial class RefusalRecorder(
    RefusalAudit audit, IServiceScopeFactory scopes, TimeProvider time, ILogger<RefusalRecorder> logger)
    : QueueRecorder<RefusedSignIn>(audit.Waiting, scopes, time)
{
    protected override async Task WriteAsync(
        IServiceProvider services, IReadOnlyList<RefusedSignIn> batch, bool isRepeated, CancellationToken cancellationToken)
    {
        var context = services.GetRequiredService<AuthDbContext>();
        var actor = services.GetRequiredService<AuditActor>();
        var there = isRepeated ? await ThereAsync(context, batch, cancellationToken) : [];
        foreach (var refusal in batch.Where(refusal => !there.Contains(refusal.Id)))
        {
            actor.Begin(refusal.Source.Address, refusal.Source.UserAgent);
            context.Record(FactOf(refusal));
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    protected override void AfterRound()
    {
        if (audit.TakeDropped() is > 0 and var dropped)
        {
            Log.Dropped(logger, dropped);
        }
    }

    protected override void LogUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void LogFailed(Exception exception, int count) => Log.Failed(logger, exception, count);

    private static Task<HashSet<Guid>> ThereAsync(
        AuthDbContext context, IReadOnlyList<RefusedSignIn> batch, CancellationToken cancellationToken)
    {
        var ids = batch.Select(refusal => refusal.Id).ToList();
        return context.Set<AuditEvent>().Where(entry => ids.Contains(entry.Id)).Select(entry => entry.Id).ToHashSetAsync(cancellationToken);
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
