using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

/// <summary>Tells clients what is due. Any number of nodes may: each takes a notice for itself before it sends it.</summary>
internal sealed partial class LogoutDelivery(
    AuthDbContext context, LogoutToken tokens, LogoutCall call, IOptions<ConnectOptions> options, TimeProvider time, ILogger<LogoutDelivery> logger)
{
    private const int BatchSize = 32;

    /// <summary>How long an app that cannot be reached is tried.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    // Longer than a call may take.
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    public async Task SendDueAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var due = await (
                from notice in context.LogoutNotices.AsNoTracking()
                join client in context.Set<Client>() on notice.ApplicationId equals client.Id
                where notice.DueAt <= now
                orderby notice.DueAt
                select new { notice, client }).Take(BatchSize).ToListAsync(stoppingToken);
            var mine = new List<(LogoutNotice Notice, Client Client, string? Address)>();
            foreach (var row in due)
            {
                if (await TryClaimAsync(row.notice, stoppingToken))
                {
                    mine.Add((row.notice, row.client, new ClientPolicy(row.client, options.Value).BackChannelLogoutUri));
                }
            }

            // Side by side: an app that does not answer keeps no other waiting.
            var calls = mine.ConvertAll(one => one.Address is null ? Task.FromResult<string?>(null) : call.SendAsync(one.Address, tokens.Create(one.Client.ClientId!, one.Notice), stoppingToken));
            for (var index = 0; index < mine.Count; index++)
            {
                await FinishAsync(mine[index].Notice, mine[index].Client.ClientId!, await calls[index]);
            }

            if (due.Count < BatchSize)
            {
                return;
            }
        }
    }

    private async Task<bool> TryClaimAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Claim;
        var before = notice.Attempts++;
        return await context.LogoutNotices.Where(row => row.Id == notice.Id && row.Attempts == before).ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.Attempts, before + 1).SetProperty(entry => entry.DueAt, until), cancellationToken) is 1;
    }

    // At a stop too: what was said need not be said again.
    private async Task FinishAsync(LogoutNotice notice, string client, string? problem)
    {
        var rows = context.LogoutNotices.Where(row => row.Id == notice.Id);
        var now = time.GetUtcNow();
        if (problem is null)
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
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Told {Client} of the end of session {SessionId}")]
        public static partial void Told(ILogger logger, string client, Guid sessionId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Client} could not be told of the end of session {SessionId}, attempt {Attempt}, and will be tried again: {Problem}")]
        public static partial void Unreachable(ILogger logger, string client, Guid sessionId, int attempt, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Client} was not told of the end of session {SessionId}, after {Attempts} attempts: {Problem}")]
        public static partial void GivenUp(ILogger logger, string client, Guid sessionId, int attempts, string problem);
    }
}
