using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Logout;

/// <summary>Writes down who is to be told, in the transaction that ends the session: none is told of an end that did not come, and none forgotten.</summary>
internal sealed class LogoutNotices(AuthDbContext context, ClientCache clients, LogoutBell bell, TimeProvider time)
{
    /// <summary>To be followed by the caller's <c>SaveChanges</c>, and <see cref="Wake"/> when that is committed.</summary>
    /// <param name="ended">What clients were given in the sessions.</param>
    public async Task AddAsync(IQueryable<Authorization> ended, CancellationToken cancellationToken)
    {
        var parts = await ended.Where(part => part.Application != null && part.SessionId != null && part.Subject != null)
            .Select(part => new { part.Application!.Id, part.Application.ClientId, SessionId = part.SessionId!.Value, Subject = part.Subject! })
            .Distinct().ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var part in parts)
        {
            if (await clients.FindAsync(context, part.ClientId!, cancellationToken) is { Policy.BackChannelLogoutUri: not null })
            {
                context.LogoutNotices.Add(new LogoutNotice
                {
                    ApplicationId = part.Id,
                    SessionId = part.SessionId,
                    Subject = part.Subject,
                    CreatedAt = now,
                    DueAt = now,
                });
            }
        }
    }

    /// <summary>Has this node tell at once; another would within seconds.</summary>
    public void Wake() => bell.Ring();
}
