using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Outbox;

/// <summary>
/// Sends the due messages of one table. Several nodes can do this at once, because each claims a message before it sends it. If a node dies
/// after it has sent a message and before it has deleted the row, another node sends it again: twice is better than never.
/// </summary>
internal abstract class OutboxDelivery<TMessage>(
    AuthDbContext context, OutboxLanes<TMessage> lanes, ServerMetrics metrics, TimeProvider time)
    where TMessage : OutboxMessage
{
    private const int BatchSize = 50;

    /// <summary>How long a claim lasts: longer than an attempt takes. Meanwhile no other node sends the message.</summary>
    protected abstract TimeSpan ClaimDuration { get; }

    /// <summary>The name of the outbox in the metrics.</summary>
    protected abstract string Name { get; }

    protected AuthDbContext Context => context;

    protected TimeProvider Time => time;

    protected IQueryable<TMessage> Messages => context.Set<TMessage>();

    /// <summary>
    /// Claims due messages for which the lanes have room. The caller must pass each to <see cref="SendAsync"/>, which leaves the lane.
    /// </summary>
    public async Task<IReadOnlyList<TMessage>> TakeAsync(int atMost, CancellationToken stoppingToken)
    {
        var mine = new List<TMessage>();
        try
        {
            while (mine.Count < atMost && lanes.HasRoom && await TakeBatchAsync(mine, atMost, stoppingToken))
            {
            }

            return mine;
        }
        catch
        {
            // The claimed messages are due again when their claims expire.
            mine.ForEach(lanes.Leave);
            throw;
        }
    }

    public async Task<Delivery> SendAsync(TMessage message, CancellationToken stoppingToken)
    {
        try
        {
            return await DeliverAsync(message, stoppingToken);
        }
        finally
        {
            lanes.Leave(message);
        }
    }

    /// <summary>The waits between attempts.</summary>
    protected abstract Backoff Delays { get; }

    /// <summary>The message is given up when an attempt fails at this time or later.</summary>
    protected abstract DateTimeOffset GiveUpAt(TMessage message);

    /// <summary>
    /// True if nobody needs the message after <see cref="GiveUpAt"/>, so that it is not sent any more. False if it must be tried all
    /// the same after this server was down for a long time.
    /// </summary>
    protected abstract bool IsUselessLate { get; }

    /// <summary>Counts messages that were given up without an attempt.</summary>
    protected void CountGivenUp(int messages) => metrics.Delivered(Name, Outboxes.GivenUp, messages);

    /// <exception cref="OperationCanceledException">The node is stopping, and the message has not been sent.</exception>
    protected abstract Task<Delivery> TrySendAsync(TMessage message, CancellationToken stoppingToken);

    /// <summary>Called after an attempt with outcome <see cref="DeliveryOutcome.Away"/>.</summary>
    protected virtual Task AfterAwayAsync(TMessage message, DateTimeOffset next) => Task.CompletedTask;

    /// <summary>What the audit says when the message has reached its end; null if the audit says nothing.</summary>
    protected abstract AuditFact? FactOf(TMessage message, DeliveryOutcome outcome);

    protected abstract void LogSent(TMessage message);

    protected abstract void LogDeferred(TMessage message, Delivery delivery, DateTimeOffset next);

    protected abstract void LogRefused(TMessage message, string problem);

    protected abstract void LogGivenUp(TMessage message, string problem);

    protected abstract void LogFailed(TMessage message, Exception exception);

    /// <returns>True if there may be more due messages.</returns>
    private async Task<bool> TakeBatchAsync(List<TMessage> mine, int atMost, CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        var due = await lanes.WithRoom(Messages.AsNoTracking().Where(message => message.DueAt <= now))
            .OrderBy(message => message.DueAt).Take(BatchSize).ToListAsync(stoppingToken);
        var entered = 0;
        foreach (var message in due.TakeWhile(_ => mine.Count < atMost).Where(lanes.TryEnter))
        {
            entered++;
            var isMine = false;
            try
            {
                isMine = await TryClaimAsync(message, stoppingToken);
            }
            finally
            {
                if (!isMine)
                {
                    lanes.Leave(message);
                }
            }

            if (isMine)
            {
                mine.Add(message);
            }
        }

        return due.Count is BatchSize && entered > 0;
    }

    private async Task<bool> TryClaimAsync(TMessage message, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + ClaimDuration;
        var before = message.Attempts++;
        return await Messages.Where(row => row.Id == message.Id && row.Attempts == before).ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.Attempts, before + 1).SetProperty(entry => entry.DueAt, until), cancellationToken) is 1;
    }

    private async Task<Delivery> DeliverAsync(TMessage message, CancellationToken stoppingToken)
    {
        if (IsUselessLate && GiveUpAt(message) <= time.GetUtcNow())
        {
            message.Attempts--;
            return await GiveUpAsync(message, Delivery.Refused(message.LastError ?? "never tried"));
        }

        var delivery = await AttemptAsync(message, stoppingToken);
        switch (delivery.Outcome)
        {
            case DeliveryOutcome.Done:
                await DeleteAsync(message, delivery.Outcome);
                metrics.Delivered(Name, Outboxes.Sent);
                LogSent(message);
                return delivery;
            case DeliveryOutcome.Refused:
                await DeleteAsync(message, delivery.Outcome);
                metrics.Delivered(Name, Outboxes.Refused);
                LogRefused(message, delivery.Problem);
                return delivery;
            default:
                return await PutOffAsync(message, delivery);
        }
    }

    private async Task<Delivery> AttemptAsync(TMessage message, CancellationToken stoppingToken)
    {
        try
        {
            return await TrySendAsync(message, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync(message);
            throw;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !Failure.IsDatabaseDown(exception))
        {
            // A bug that one message meets must not hold up the others.
            LogFailed(message, exception);
            return Delivery.Deferred(exception.GetType().Name);
        }
    }

    private async Task<Delivery> PutOffAsync(TMessage message, Delivery delivery)
    {
        var (end, now) = (GiveUpAt(message), time.GetUtcNow());
        var next = now + Delays.After(message.Attempts);
        if (end <= now)
        {
            await GiveUpAsync(message, delivery);
        }
        else
        {
            next = next < end ? next : end;
            await WaitUntilAsync(message, next, delivery.Problem);
            metrics.Delivered(Name, Outboxes.Deferred);
            LogDeferred(message, delivery, next);
        }

        if (delivery.Outcome is DeliveryOutcome.Away)
        {
            await AfterAwayAsync(message, next);
        }

        return delivery;
    }

    private Task<int> WaitUntilAsync(TMessage message, DateTimeOffset due, string problem)
    {
        var error = problem.Length <= OutboxMessage.LongestError ? problem : problem[..OutboxMessage.LongestError];
        return Mine(message).ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.DueAt, due).SetProperty(entry => entry.LastError, error), CancellationToken.None);
    }

    private async Task<Delivery> GiveUpAsync(TMessage message, Delivery delivery)
    {
        await DeleteAsync(message, DeliveryOutcome.Deferred);
        metrics.Delivered(Name, Outboxes.GivenUp);
        LogGivenUp(message, delivery.Problem);
        return delivery;
    }

    // The writes after an attempt ignore a stop: otherwise a message that was sent would be sent again.
    private Task<int> DeleteAsync(TMessage message, DeliveryOutcome outcome)
    {
        var mine = Messages.Where(row => row.Id == message.Id);
        return FactOf(message, outcome) is { } fact
            ? context.RecordAsync(token => mine.ExecuteDeleteAsync(token), fact, CancellationToken.None)
            : mine.ExecuteDeleteAsync(CancellationToken.None);
    }

    private async Task ReleaseAsync(TMessage message)
    {
        try
        {
            await Mine(message).ExecuteUpdateAsync(
                row => row.SetProperty(entry => entry.DueAt, message.DueAt).SetProperty(entry => entry.Attempts, message.Attempts - 1),
                CancellationToken.None);
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            // The message is then due when its claim expires.
        }
    }

    // Another node may have claimed the message since.
    private IQueryable<TMessage> Mine(TMessage message) => Messages.Where(row => row.Id == message.Id && row.Attempts == message.Attempts);
}
