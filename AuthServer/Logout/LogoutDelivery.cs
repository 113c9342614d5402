using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

/// <param name="Address">Null if the client no longer has a back-channel logout URI.</param>
internal sealed record DueNotice(LogoutNotice Notice, string Client, string? Address);

/// <summary>
/// Sends the notices that are due. Any number of nodes may do so at once, because a node claims a notice before it sends it.
/// </summary>
internal sealed partial class LogoutDelivery(
    AuthDbContext context,
    LogoutToken tokens,
    LogoutCall call,
    LogoutLanes lanes,
    IOptions<ConnectOptions> options,
    TimeProvider time,
    ILogger<LogoutDelivery> logger)
{
    private const int BatchSize = 32;

    /// <summary>How long the server keeps trying to reach an app.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    // Longer than a call may take.
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Claims the due notices for which their app's lane has a place. The caller must send each of them and then leave the lane.
    /// </summary>
    public async Task<IReadOnlyList<DueNotice>> TakeAsync(CancellationToken stoppingToken)
    {
        var mine = new List<DueNotice>();
        try
        {
            while (await TakeBatchAsync(mine, stoppingToken) is BatchSize)
            {
            }

            return mine;
        }
        catch
        {
            // The claimed notices are due again when their claim expires.
            mine.ForEach(one => lanes.Leave(one.Notice.ApplicationId));
            throw;
        }
    }

    public async Task SendAsync(DueNotice due, CancellationToken stoppingToken) => await FinishAsync(
        due.Notice, due.Client, due.Address is null ? LogoutAnswer.Taken : await call.SendAsync(due.Address, tokens.Create(due.Client, due.Notice), stoppingToken));

    private async Task<int> TakeBatchAsync(List<DueNotice> mine, CancellationToken stoppingToken)
    {
        var (now, full) = (time.GetUtcNow(), lanes.Full);
        var due = await (
            from notice in context.LogoutNotices.AsNoTracking()
            join client in context.Set<Client>() on notice.ApplicationId equals client.Id
            where notice.DueAt <= now && !full.Contains(notice.ApplicationId)
            orderby notice.DueAt
            select new { notice, client }).Take(BatchSize).ToListAsync(stoppingToken);
        foreach (var row in due.Where(row => lanes.TryEnter(row.notice.ApplicationId)))
        {
            var isMine = false;
            try
            {
                isMine = await TryClaimAsync(row.notice, stoppingToken);
            }
            finally
            {
                if (!isMine)
                {
                    lanes.Leave(row.notice.ApplicationId);
                }
            }

            if (isMine)
            {
                mine.Add(new DueNotice(row.notice, row.client.ClientId!, new ClientPolicy(row.client, options.Value).BackChannelLogoutUri));
            }
        }

        return due.Count;
    }

    private async Task<bool> TryClaimAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Claim;
        var before = notice.Attempts++;
        return await context.LogoutNotices.Where(row => row.Id == notice.Id && row.Attempts == before).ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.Attempts, before + 1).SetProperty(entry => entry.DueAt, until), cancellationToken) is 1;
    }

    // Not cancelled at a stop, so that a delivered notice is not sent again.
    private async Task FinishAsync(LogoutNotice notice, string client, LogoutAnswer answer)
    {
        var rows = context.LogoutNotices.Where(row => row.Id == notice.Id);
        var now = time.GetUtcNow();
        if (answer.Problem is not { } problem)
        {
            await rows.ExecuteDeleteAsync(CancellationToken.None);
            Log.Told(logger, client, notice.SessionId);
        }
        else if (notice.CreatedAt + GiveUpAfter <= now)
        {
            await rows.ExecuteDeleteAsync(CancellationToken.None);
            Log.GivenUp(logger, client, notice.SessionId, notice.Attempts, problem);
        }
        else
        {
            var next = now + Backoff.After(notice.Attempts, ShortestDelay, LongestDelay);
            var error = problem.Length <= LogoutNotice.LongestError ? problem : problem[..LogoutNotice.LongestError];
            await rows.ExecuteUpdateAsync(
                row => row.SetProperty(entry => entry.DueAt, next).SetProperty(entry => entry.LastError, error), CancellationToken.None);
            Log.Unreachable(logger, client, notice.SessionId, notice.Attempts, problem);
        }

        if (answer.IsAway)
        {
            await PutOffOthersAsync(notice, client, now);
        }
    }

    // While an app cannot be reached, one notice tries it. Otherwise each of hundreds of notices would wait for a timeout of its own.
    private async Task PutOffOthersAsync(LogoutNotice notice, string client, DateTimeOffset now)
    {
        var others = context.LogoutNotices.Where(row => row.ApplicationId == notice.ApplicationId && row.DueAt <= now);
        var oldest = now - GiveUpAfter;
        if (await others.Where(row => row.CreatedAt <= oldest).ExecuteDeleteAsync(CancellationToken.None) is > 0 and var given)
        {
            Log.OthersGivenUp(logger, client, given);
        }

        var (next, attempts) = (now + Backoff.After(notice.Attempts, ShortestDelay, LongestDelay), notice.Attempts);
        await others.ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.DueAt, next)
                .SetProperty(entry => entry.Attempts, entry => entry.Attempts < attempts ? attempts : entry.Attempts),
            CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Told {Client} of the end of session {SessionId}")]
        public static partial void Told(ILogger logger, string client, Guid sessionId);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Client} could not be told of the end of session {SessionId}, attempt {Attempt}, and will be tried again: {Problem}")]
        public static partial void Unreachable(ILogger logger, string client, Guid sessionId, int attempt, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Client} was not told of the end of {Count} more sessions: it could not be reached for a day")]
        public static partial void OthersGivenUp(ILogger logger, string client, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Client} was not told of the end of session {SessionId}, after {Attempts} attempts: {Problem}")]
        public static partial void GivenUp(ILogger logger, string client, Guid sessionId, int attempts, string problem);
    }
}
