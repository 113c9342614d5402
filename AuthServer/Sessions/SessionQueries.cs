using System.Runtime.CompilerServices;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

/// <summary>Reads sessions for the commands of the operator.</summary>
internal sealed class SessionQueries(AuthDbContext context, IOptions<ConnectOptions> options, TimeProvider time)
{
    private const int MostEvents = 1000;
    private const int PageSize = 500;

    /// <returns>The value for <see cref="SessionFilter.Client"/>; null if there is no client with this <c>client_id</c>.</returns>
    public Task<Guid?> FindClientAsync(string clientId, CancellationToken cancellationToken) =>
        context.Set<Client>().Where(row => row.ClientId == clientId).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);

    public IQueryable<Session> Active(SessionFilter filter)
    {
        var now = time.GetUtcNow();
        return filter.Apply(context).Where(session => session.EndedAt == null && session.ExpiresAt > now);
    }

    /// <summary>Sessions that have ended or expired and are still kept.</summary>
    public IQueryable<Session> Over(SessionFilter filter)
    {
        var now = time.GetUtcNow();
        return filter.Apply(context).Where(session => session.EndedAt != null || session.ExpiresAt <= now);
    }

    /// <summary>Sessions of which a token may still be valid. The last access token may outlive its session.</summary>
    public async Task<IQueryable<Session>> EndableAsync(SessionFilter filter, CancellationToken cancellationToken)
    {
        var lifetimes = await KeyLifetimes.ReadAsync(context, options.Value, cancellationToken);
        var oldest = time.GetUtcNow() - lifetimes.Longest(options.Value.AccessTokenSigningAlgorithm);
        return filter.Apply(context).Where(session => session.EndedAt == null && session.ExpiresAt > oldest);
    }

    /// <returns>
    /// The newest first. Each page begins after the last row of the page before, so the last page costs as much as the first.
    /// </returns>
    public async IAsyncEnumerable<List<SessionRow>> PagesAsync(
        IQueryable<Session> which, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SessionRow? last = null;
        while (most > 0)
        {
            var page = await PageAsync(which, last?.Position, Math.Min(PageSize, most), cancellationToken);
            if (page.Count is 0)
            {
                yield break;
            }

            yield return page;
            most -= page.Count;
            last = page[^1];
        }
    }

    /// <param name="which">From <see cref="Active"/> or <see cref="Over"/>.</param>
    /// <param name="after">The position of the last session of the page before; null for the first page.</param>
    /// <returns>The newest first. One statement.</returns>
    public Task<List<SessionRow>> PageAsync(
        IQueryable<Session> which, (DateTimeOffset SignedInAt, Guid Id)? after, int limit, CancellationToken cancellationToken)
    {
        if (after is var (at, id))
        {
            // The first comparison is for the index.
            which = which.Where(session => session.CreatedAt <= at && (session.CreatedAt < at || session.Id < id));
        }

        return Rows(NewestFirst(which).Take(limit))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The order of the index.</summary>
    public static IOrderedQueryable<Session> NewestFirst(IQueryable<Session> which) =>
        which.OrderByDescending(session => session.CreatedAt).ThenByDescending(session => session.Id);

    public async Task<SessionHistory?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var sessions = context.Sessions.AsNoTracking().Where(session => session.Id == id);
        if (await Rows(sessions).SingleOrDefaultAsync(cancellationToken) is not { } row)
        {
            return null;
        }

        var methods = await sessions.Select(session => session.Methods).SingleAsync(cancellationToken);
        var clients = await ClientsAsync(id, cancellationToken);
        var entries = context.SessionEvents.AsNoTracking().Where(entry => entry.SessionId == id);
        var count = await entries.CountAsync(cancellationToken);
        var noted = await entries.OrderByDescending(entry => entry.At).Take(MostEvents).ToListAsync(cancellationToken);

        // Events of the same instant are sorted here, because SQL Server sorts ids in another order.
        noted = [.. noted.OrderBy(entry => entry.At).ThenBy(entry => entry.Id)];
        var events = noted
            .Select(entry => new HistoryEvent(
                entry.At,
                entry.Kind,
                clients.Find(part => part.AuthorizationId == entry.AuthorizationId)?.Client,
                entry.Generation,
                entry.Address,
                entry.Reason))
            .Concat(SessionHistory.Unnoted(row, clients, noted, time.GetUtcNow()))
            .OrderBy(entry => entry.At);
        return new SessionHistory(row, methods, clients, [.. events], count - noted.Count);
    }

    private async Task<List<ClientPart>> ClientsAsync(Guid session, CancellationToken cancellationToken)
    {
        var rows = await context.Authorizations.AsNoTracking()
            .Where(authorization => authorization.SessionId == session)
            .Select(authorization => new
            {
                authorization.Id,
                authorization.Application!.ClientId,
                authorization.Scopes,
                authorization.Generation,
                authorization.RefreshExpiresAt,
            })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new ClientPart(
            row.Id, row.ClientId, ScopeList.Read(row.Scopes), row.Generation, row.RefreshExpiresAt));
    }

    private IQueryable<SessionRow> Rows(IQueryable<Session> sessions) => sessions.Select(session => new SessionRow(
        session.Id,
        session.UserId,
        context.Users.Where(user => user.Id == session.UserId).Select(user => user.UserName).FirstOrDefault(),
        session.CreatedAt,
        session.LastSeenAt,
        session.ExpiresAt,
        session.EndedAt,
        session.EndReason,
        session.Address,
        session.UserAgent,
        session.ImpersonatorId,
        session.ImpersonationReason,
        context.Authorizations.Where(authorization => authorization.SessionId == session.Id)
            .Select(authorization => authorization.Application!.ClientId).ToList()));
}
