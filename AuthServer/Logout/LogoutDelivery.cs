using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Outbox;
using AuthServer.Protocol;
using AuthServer.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

/// <summary>Sends due notices to the clients.</summary>
internal sealed partial class LogoutDelivery(
    AuthDbContext context,
    LogoutToken tokens,
    LogoutCall call,
    LogoutLanes lanes,
    IOptions<ConnectOptions> options,
    ServerMetrics metrics,
    TimeProvider time,
    ILogger<LogoutDelivery> logger) : OutboxDelivery<LogoutNotice>(context, lanes, metrics, time)
{
    /// <summary>How long the server keeps trying to reach an app.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    // For the log.
    private string clientId = "an app";

    protected override string Name => Outboxes.Logout;

    // Longer than a call may take.
    protected override TimeSpan ClaimDuration => TimeSpan.FromSeconds(30);

    // After this server was down for days, apps must still be told.
    protected override bool IsUselessLate => false;

    protected override Backoff Delays => Retries;

    protected override DateTimeOffset GiveUpAt(LogoutNotice message) => message.CreatedAt + GiveUpAfter;

    protected override async Task<Delivery> TrySendAsync(LogoutNotice message, CancellationToken stoppingToken)
    {
        // Deleting a client deletes its notices, even one that this node has claimed.
        if (await Context.Set<Client>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == message.ApplicationId, stoppingToken) is not { } client)
        {
            return Delivery.Refused("the app has been deleted");
        }

        clientId = client.ClientId!;
        return new ClientPolicy(client, options.Value).BackChannelLogoutUri is { } address
            ? await call.SendAsync(address, tokens.Create(clientId, message), stoppingToken)
            : Delivery.Refused("it no longer has a back-channel logout URI");
    }

    // An app that cannot be reached is called for one notice, not for each of hundreds: each call may take seconds.
    protected override async Task AfterAwayAsync(LogoutNotice message, DateTimeOffset next)
    {
        var now = Time.GetUtcNow();
        var (oldest, attempts) = (now - GiveUpAfter, message.Attempts);
        var others = Messages.Where(row => row.ApplicationId == message.ApplicationId && row.DueAt <= now);
        var given = await others.Where(row => row.CreatedAt <= oldest).AsNoTracking().ToListAsync(CancellationToken.None);
        foreach (var late in given)
        {
            await Context.RecordAsync(
                token => Messages.Where(row => row.Id == late.Id).ExecuteDeleteAsync(token),
                FactOf(late, DeliveryOutcome.Deferred)!,
                CancellationToken.None);
        }

        if (given.Count > 0)
        {
            CountGivenUp(given.Count);
            Log.OthersGivenUp(logger, clientId, given.Count);
        }

        await others.ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.DueAt, next)
                .SetProperty(entry => entry.Attempts, entry => entry.Attempts < attempts ? attempts : entry.Attempts),
            CancellationToken.None);
    }

    // A notice that an app has received is in the log; one that it never received is why a person is still signed in there.
    protected override AuditFact? FactOf(LogoutNotice message, DeliveryOutcome outcome) => outcome is DeliveryOutcome.Done
        ? null
        : new(
            AuditActions.AppNotTold,
            AuditTarget.Session(message.SessionId, message.Subject),
            outcome is DeliveryOutcome.Refused ? "refused" : "given_up")
        {
            Changes = AuditFact.Set("client", clientId),
        };

    protected override void LogSent(LogoutNotice message) => Log.Told(logger, clientId, message.SessionId);

    protected override void LogDeferred(LogoutNotice message, Delivery delivery, DateTimeOffset next) =>
        Log.Unreachable(logger, clientId, message.SessionId, message.Attempts, delivery.Problem);

    protected override void LogRefused(LogoutNotice message, string problem) => Log.Refused(logger, clientId, message.SessionId, problem);

    protected override void LogGivenUp(LogoutNotice message, string problem) =>
        Log.GivenUp(logger, clientId, message.SessionId, message.Attempts, problem);

    protected override void LogFailed(LogoutNotice message, Exception exception) =>
        Log.Failed(logger, exception, clientId, message.SessionId);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Told {Client} of the end of session {SessionId}")]
        public static partial void Told(ILogger logger, string client, Guid sessionId);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Client} could not be told of the end of session {SessionId}, attempt {Attempt}, "
                + "and will be tried again: {Problem}")]
        public static partial void Unreachable(ILogger logger, string client, Guid sessionId, int attempt, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Client} is not told of the end of session {SessionId}: {Problem}")]
        public static partial void Refused(ILogger logger, string client, Guid sessionId, string problem);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Client} was not told of the end of {Count} more sessions: it could not be reached for a day")]
        public static partial void OthersGivenUp(ILogger logger, string client, int count);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Client} was not told of the end of session {SessionId}, after {Attempts} attempts: {Problem}")]
        public static partial void GivenUp(ILogger logger, string client, Guid sessionId, int attempts, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Telling {Client} of the end of session {SessionId} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string client, Guid sessionId);
    }
}
