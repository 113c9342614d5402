using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>
/// Ends impersonations that are over or not allowed any more, so that apps are told (OpenID Connect Back-Channel Logout 1.0): an app may
/// keep a sign-in of its own, which would last longer.
/// </summary>
internal sealed partial class ImpersonationService(
    IServiceScopeFactory scopes, IOptions<ImpersonationOptions> options, TimeProvider time, ILogger<ImpersonationService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // Sessions are looked up by their end. After this time without any node, what has not been ended stays as it is.
    private static readonly TimeSpan LookBack = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            await RunAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (options.Value.Enabled && !stoppingToken.IsCancellationRequested);
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            var (check, sessions) = (services.GetRequiredService<ImpersonationCheck>(), services.GetRequiredService<SessionEnd>());
            var (from, to) = (time.GetUtcNow() - LookBack, time.GetUtcNow() + ImpersonationOptions.Longest);
            var found = await services.GetRequiredService<AuthDbContext>().Sessions.AsNoTracking()
                .Where(row => row.ExpiresAt > from && row.ExpiresAt <= to && row.ImpersonatorId != null && row.EndedAt == null)
                .ToListAsync(stoppingToken);
            foreach (var session in found)
            {
                if (await check.ReasonToEndAsync(session.AsImpersonation(), stoppingToken) is { } reason)
                {
                    await sessions.EndAsync(session.Id, reason, cause: null);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            Log.Unavailable(logger, Failure.DatabaseProblem(exception));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug, but no reason to stop the server. No page and no token is given anyway.
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Impersonations cannot be looked up; retrying: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Impersonations that are over cannot be ended; retrying")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
