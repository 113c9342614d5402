using AuthServer.Data;
using AuthServer.Logout;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>Ends sessions: nothing of them refreshes from then on, and introspection and userinfo refuse their tokens.</summary>
/// <remarks>A resource API that validates locally accepts an access token until it expires.</remarks>
internal sealed partial class SessionEnd(AuthDbContext context, LogoutNotices notices, TimeProvider time, ILogger<SessionEnd> logger)
{
    private const int BatchSize = 500;

    /// <summary>Does not heed that the client has hung up: a thief must not be able to prevent it.</summary>
    public Task EndAsync(Guid session, string reason, SessionEvent? cause) =>
        EndAsync(context.Sessions.Where(row => row.Id == session), reason, cause, CancellationToken.None);

    /// <summary>
    /// Ends what one client was given, with all its tokens. The sign-in goes on where a browser shares it with other
    /// clients, and ends where it was this client's alone.
    /// </summary>
    /// <param name="cause">What is to be told besides, in the same transaction.</param>
    public async Task EndAuthorizationAsync(Guid session, Guid authorization, string reason, SessionEvent? cause)
    {
        if (!await context.Sessions.AnyAsync(row => row.Id == session && row.BrowserExpiresAt != null))
        {
            await EndAsync(session, reason, cause);
            return;
        }

        await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            context.ChangeTracker.Clear();
            await using var transaction = await context.Database.BeginTransactionAsync();
            var concurrencyToken = Guid.CreateVersion7().ToString();
            var ended = await context.Authorizations.Where(row => row.Id == authorization && row.Status == Statuses.Valid).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, concurrencyToken));
            if (ended > 0)
            {
                if (cause is not null)
                {
                    context.Add(cause);
                }

                context.Add(SessionEvent.Of(SessionEventKind.Revoked, session, time.GetUtcNow(), authorization, reason: reason));

                // A client that has ended it itself knows.
                if (reason is not SessionEndReasons.RevokedByClient)
                {
                    await notices.AddAsync(context.Authorizations.Where(row => row.Id == authorization), CancellationToken.None);
                }

                await context.SaveChangesAsync();
            }

            await transaction.CommitAsync();
        });
        notices.Wake();
    }

    public Task<int> EndOfUserAsync(Guid user, string reason, CancellationToken cancellationToken) =>
        EndAsync(context.Sessions.Where(session => session.UserId == user), reason, cause: null, cancellationToken);

    /// <param name="cause">What is to be told besides, in the same transaction.</param>
    /// <returns>How many have ended; those that had before do not count.</returns>
    public async Task<int> EndAsync(IQueryable<Session> which, string reason, SessionEvent? cause, CancellationToken cancellationToken)
    {
        var ended = 0;
        var from = Guid.Empty;
        while (true)
        {
            // From where the last batch has ended, or each would look at all before it again.
            var batch = await which.Where(session => session.EndedAt == null && session.Id > from).OrderBy(session => session.Id).Take(BatchSize)
                .Select(session => session.Id).ToListAsync(cancellationToken);
            if (batch.Count is 0)
            {
                return ended;
            }

            from = batch[^1];

            ended += await context.Database.CreateExecutionStrategy()
                .ExecuteAsync(token => EndBatchAsync(batch, reason, cause, token), cancellationToken);
            cause = null;
        }
    }

    private async Task<int> EndBatchAsync(List<Guid> batch, string reason, SessionEvent? cause, CancellationToken cancellationToken)
    {
        context.ChangeTracker.Clear();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();

        // In the order in which a refresh writes, so that the two never wait for each other. A refresh under way finds
        // another concurrency token and looks again.
        var concurrencyToken = Guid.CreateVersion7().ToString();
        await context.Authorizations
            .Where(authorization => batch.Contains(authorization.SessionId!.Value) && authorization.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                row => row.SetProperty(authorization => authorization.Status, Statuses.Revoked)
                    .SetProperty(authorization => authorization.ConcurrencyToken, concurrencyToken),
                cancellationToken);
        var ended = await context.Sessions
            .Where(session => batch.Contains(session.Id) && session.EndedAt == null)
            .ExecuteUpdateAsync(
                row => row.SetProperty(session => session.EndedAt, now).SetProperty(session => session.EndReason, reason), cancellationToken);
        if (ended > 0)
        {
            context.AddRange(batch.Select(id => SessionEvent.Of(SessionEventKind.Revoked, id, now, reason: reason)));
            if (cause is not null)
            {
                context.Add(cause);
            }

            await notices.AddAsync(context.Authorizations.Where(authorization => batch.Contains(authorization.SessionId!.Value)), cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        notices.Wake();
        Log.Ended(logger, ended, reason);
        return ended;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Ended sessions: {Count}, {Reason}")]
        public static partial void Ended(ILogger logger, int count, string reason);
    }
}
