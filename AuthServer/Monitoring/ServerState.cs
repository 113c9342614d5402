using System.Diagnostics.Metrics;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Logout;
using AuthServer.Mail;
using AuthServer.Outbox;
using AuthServer.Pruning;
using AuthServer.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Monitoring;

/// <summary>
/// Gauges of what the database holds: living sessions, waiting mails and logout notices, rows to prune, keys. They are read once a
/// minute (sessions every quarter of an hour), not at each scrape. All nodes say the same, so a dashboard takes the maximum.
/// </summary>
internal sealed partial class ServerState : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Counting millions of sessions takes the database a second or more.</summary>
    private static readonly TimeSpan SessionInterval = TimeSpan.FromMinutes(15);

    private readonly IServiceScopeFactory scopes;
    private readonly KeyRing keys;
    private readonly ServerMetrics metrics;
    private readonly TimeSpan retention;
    private readonly TimeProvider time;
    private readonly ILogger<ServerState> logger;
    private volatile Sample? latest;
    private (long Sessions, DateTimeOffset At) counted;

    public ServerState(
        IServiceScopeFactory scopes,
        KeyRing keys,
        IOptions<PruningOptions> pruning,
        ServerMetrics metrics,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<ServerState> logger)
    {
        (this.scopes, this.keys, this.metrics, this.time, this.logger) = (scopes, keys, metrics, time, logger);
        retention = pruning.Value.Retention;
        var meter = meters.Create(ServerMetrics.MeterName);
        meter.CreateObservableGauge(
            "authserver.sessions.living", () => Of(sample => new Measurement<long>(sample.Sessions)), "{session}",
            "Sign-ins that have neither ended nor expired.");
        meter.CreateObservableGauge(
            "authserver.outbox.depth", () => Of(sample => sample.Outboxes, outbox => new Measurement<long>(outbox.Depth, Name(outbox))),
            "{message}", "Messages that wait to be sent.");
        meter.CreateObservableGauge(
            "authserver.outbox.age", () => Of(sample => sample.Outboxes, outbox => new Measurement<double>(outbox.Age, Name(outbox))),
            "s", "Age of the oldest message that waits to be sent; 0 if none waits.");
        meter.CreateObservableGauge(
            "authserver.prune.lag", () => Of(sample => new Measurement<double>(sample.PruneLag)), "s",
            "How long the oldest expired sign-in has been due for deletion; 0 if none is due.");
        meter.CreateObservableGauge("authserver.keys", CountKeys, "{key}", "Keys of the issuer, by algorithm and state.");
        meter.CreateObservableGauge("authserver.key.age", AgesOfKeys, "s", "How long the active key of an algorithm has been active.");
    }

    private sealed record OutboxState(string Name, long Depth, double Age);

    private sealed record Sample(long Sessions, OutboxState[] Outboxes, double PruneLag);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Begin();
        while (!stoppingToken.IsCancellationRequested)
        {
            await ReadAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
            var now = time.GetUtcNow();
            if (counted.At + SessionInterval <= now)
            {
                var living = database.Sessions.Where(session => session.EndedAt == null && session.ExpiresAt > now);
                counted = (await living.LongCountAsync(stoppingToken), now);
            }

            latest = new Sample(
                counted.Sessions,
                [await StateOfAsync<OutgoingMail>(Outboxes.Mail), await StateOfAsync<LogoutNotice>(Outboxes.Logout)],
                SecondsSince(await OldestAsync(database.Sessions.Select(session => session.ExpiresAt)) + retention));

            async Task<OutboxState> StateOfAsync<TMessage>(string name) where TMessage : OutboxMessage => new(
                name,
                await database.Set<TMessage>().LongCountAsync(stoppingToken),
                SecondsSince(await OldestAsync(database.Set<TMessage>().Select(message => message.CreatedAt))));

            Task<DateTimeOffset?> OldestAsync(IQueryable<DateTimeOffset> instants) =>
                instants.OrderBy(instant => instant).Select(instant => (DateTimeOffset?)instant).FirstOrDefaultAsync(stoppingToken);

            double SecondsSince(DateTimeOffset? instant) => instant < now ? (now - instant.Value).TotalSeconds : 0;
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The gauges vanish: an old number would look like a present one.
            latest = null;
            if (Failure.IsDatabaseDown(exception))
            {
                Log.Unavailable(logger, Failure.DatabaseProblem(exception));
            }
            else
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<Sample, Measurement<T>> measure) where T : struct =>
        latest is { } sample ? [measure(sample)] : [];

    private IEnumerable<Measurement<T>> Of<T>(Func<Sample, OutboxState[]> outboxes, Func<OutboxState, Measurement<T>> measure)
        where T : struct => latest is { } sample ? outboxes(sample).Select(measure) : [];

    private static KeyValuePair<string, object?> Name(OutboxState outbox) => new("outbox", outbox.Name);

    private IEnumerable<Measurement<long>> CountKeys() =>
        from key in KeysAt(time.GetUtcNow())
        group key by (key.Entry.Algorithm, key.State) into same
        select new Measurement<long>(
            same.Count(), new("algorithm", same.Key.Algorithm), new("state", same.Key.State.ToString().ToLowerInvariant()));

    private IEnumerable<Measurement<double>> AgesOfKeys()
    {
        var now = time.GetUtcNow();
        return
            from key in KeysAt(now)
            where key.State is KeyState.Active
            select new Measurement<double>(
                (now - key.Entry.ActiveFrom).TotalSeconds, new KeyValuePair<string, object?>("algorithm", key.Entry.Algorithm));
    }

    private IEnumerable<(KeyEntry Entry, KeyState State)> KeysAt(DateTimeOffset now) =>
        keys.IsLoaded && keys.Schedule is var schedule ? schedule.Entries.Select(entry => (entry, schedule.StateOf(entry, now))) : [];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The gauges of the database cannot be read: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "The gauges of the database cannot be read")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
