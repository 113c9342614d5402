using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Sessions;

/// <summary>Selects sessions. A property that is null does not restrict the selection.</summary>
internal sealed record SessionFilter
{
    public Guid? Id { get; init; }

    public IReadOnlyList<Guid>? Ids { get; init; }

    public Guid? User { get; init; }

    /// <summary>The key of a client that has an authorization in the session.</summary>
    public Guid? Client { get; init; }

    /// <summary>Part of the user agent or of the address, in upper or lower case. No index helps: the query reads every session.</summary>
    public string? Device { get; init; }

    public DateTimeOffset? SignedInBefore { get; init; }

    public bool IsEmpty => this == new SessionFilter();

    public IQueryable<Session> Apply(AuthDbContext context)
    {
        var sessions = context.Sessions.AsNoTracking();
        if (Id is { } id)
        {
            sessions = sessions.Where(session => session.Id == id);
        }

        if (Ids is { } ids)
        {
            sessions = sessions.Where(session => ids.Contains(session.Id));
        }

        if (User is { } user)
        {
            sessions = sessions.Where(session => session.UserId == user);
        }

        if (Client is { } client)
        {
            sessions = sessions.Where(session => context.Authorizations
                .Any(authorization => authorization.SessionId == session.Id && authorization.Application!.Id == client));
        }

        if (Device?.ToLowerInvariant() is { } device)
        {
#pragma warning disable CA1304, CA1311, CA1862 // becomes SQL, which has LOWER but no cultures
            sessions =
                sessions.Where(session => session.UserAgent!.ToLower().Contains(device) || session.Address!.ToLower().Contains(device));
#pragma warning restore CA1304, CA1311, CA1862
        }

        return SignedInBefore is { } before ? sessions.Where(session => session.CreatedAt < before) : sessions;
    }
}
