using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Logout;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>Ends sessions: their tokens can no longer be refreshed, and introspection and userinfo refuse them.</summary>
/// <remarks>A resource API that validates locally accepts an access token until it expires.</remarks>
internal sealed partial class SessionEnd(AuthDbContext context, LogoutNotices notices, TimeProvider time, ILogger<SessionEnd> logger)
{
    private const int BatchSize = 500;

    /// <summary>Not cancelled if the client disconnects: a thief must not be able to prevent the end.</summary>
    public Task EndAsync(Guid session, string reason, SessionEvent? cause) =>
        EndAsync(context.Sessions.Where(row => row.Id == session), reason, cause, CancellationToken.None);

    /// <summary>
    /// Ends the authorization of one client, with all its tokens. A browser's session continues, because other clients may share it. Any
    /// other session belonged to this client alone and ends, too.
    /// </summary>
    /// <param name="cause">An event to record in addition, in the same transaction.</param>
    public async Task EndAuthorizationAsync(Guid session, Guid authorization, string reason, SessionEvent? cause)
    {
        if (!await context.Sessions.AnyAsync(row => row.Id == session && row.BrowserExpiresAt != null))
        {
            await EndAsync(session, reason, cause);
            return;
        }

        await context.TransactAsync(_ => RevokeAsync(session, authorization, reason, cause), CancellationToken.None);
        notices.Wake();
    }

    public Task<int> EndOfUserAsync(Guid user, string reason, CancellationToken cancellationToken) =>
        EndAsync(context.Sessions.Where(session => session.UserId == user), reason, cause: null, cancellationToken);

    /// <param name="cause">An event to record in addition, in the transaction of the first batch.</param>
    /// <returns>The number of sessions that this call has ended.</returns>
    public async Task<int> EndAsync(IQueryable<Session> which, string reason, SessionEvent? cause, CancellationToken cancellationToken)
    {
        var ended = 0;
        var from = Guid.Empty;
        while (true)
        {
            // Starts where the last batch ended. Otherwise each batch would read all earlier rows again.
            var batch = await which.Where(session => session.EndedAt == null && session.Id > from).OrderBy(session => session.Id)
                .Take(BatchSize)
                .Select(session => new Ending(session.Id, session.UserId, session.ImpersonatorId != null)).ToListAsync(cancellationToken);
            if (batch.Count is 0)
            {
                return ended;
            }

            from = batch[^1].Id;

            var count = await context.TransactAsync(token => EndBatchAsync(batch, reason, cause, token), cancellationToken);
            if (count > 0)
            {
                notices.Wake();
                Log.Ended(logger, count, reason);
            }

            ended += count;
            cause = null;
        }
    }

    private async Task RevokeAsync(Guid session, Guid authorization, string reason, SessionEvent? cause)
    {
        var concurrencyToken = Guid.CreateVersion7().ToString();
        var ended = await context.Authorizations.Where(row => row.Id == authorization && row.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, Statuses.Revoked).SetProperty(row => row.ConcurrencyToken, concurrencyToken));
        if (ended > 0)
        {
            if (cause is not null)
            {
                context.Add(cause);
            }

            context.Add(SessionEvent.Of(SessionEventKind.Revoked, session, time.GetUtcNow(), authorization, reason: reason));
            var part = await context.Authorizations.AsNoTracking().Where(row => row.Id == authorization)
                .Select(row => new { row.Subject, row.Application!.ClientId }).SingleAsync();
            context.Record(new AuditFact(
                AuditActions.AppSignedOut, AuditTarget.Session(session, part.Subject), reason)
            {
                Changes = AuditFact.Changed("client", part.ClientId, null),
            });

            // A client that has revoked its token itself need not be told.
            if (reason is not SessionEndReasons.RevokedByClient)
            {
                await notices.AddAsync(context.Authorizations.Where(row => row.Id == authorization), CancellationToken.None);
            }

            await context.SaveChangesAsync();
        }
    }

    private async Task<int> EndBatchAsync(List<Ending> endings, string reason, SessionEvent? cause, CancellationToken cancellationToken)
    {
        var batch = endings.ConvertAll(ending => ending.Id);
        var now = time.GetUtcNow();

        // Writes in the same order as a refresh, so that the two cannot deadlock. A refresh that is under way finds another concurrency
        // token and reads again.
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
                row => row.SetProperty(session => session.EndedAt, now).SetProperty(session => session.EndReason, reason),
                cancellationToken);
        if (ended > 0)
        {
            // Others may have ended some of them meanwhile.
            endings = await context.Sessions.Where(session => batch.Contains(session.Id) && session.EndedAt == now && session.EndReason == reason)
                .Select(session => new Ending(session.Id, session.UserId, session.ImpersonatorId != null)).ToListAsync(cancellationToken);
            context.AddRange(endings.Select(ending => SessionEvent.Of(SessionEventKind.Revoked, ending.Id, now, reason: reason)));
            foreach (var ending in endings)
            {
                var action = ending.IsImpersonation ? AuditActions.ImpersonationEnded : AuditActions.SessionEnded;
                context.Record(new AuditFact(action, AuditTarget.Session(ending.Id, ending.User), reason));
            }

            if (cause is not null)
            {
                context.Add(cause);
            }

            await notices.AddAsync(
                context.Authorizations.Where(authorization => batch.Contains(authorization.SessionId!.Value)), cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
        }

        return ended;
    }

    private sealed record Ending(Guid Id, Guid User, bool IsImpersonation);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Ended sessions: {Count}, {Reason}")]
        public static partial void Ended(ILogger logger, int count, string reason);
    }
}
