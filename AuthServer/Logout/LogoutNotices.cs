using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Outbox;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Logout;

/// <summary>
/// Records which clients must be told, in the transaction that ends the session. So no client is told of an end that was rolled back, and
/// no client is forgotten.
/// </summary>
internal sealed class LogoutNotices(AuthDbContext context, ClientCache clients, WakeSignal<LogoutNotice> signal, TimeProvider time)
{
    /// <summary>The caller must then call <c>SaveChanges</c>, and <see cref="Wake"/> after the commit.</summary>
    /// <param name="ended">The authorizations of the sessions that end.</param>
    public async Task AddAsync(IQueryable<Authorization> ended, CancellationToken cancellationToken)
    {
        var parts = await ended.Where(part => part.Application != null && part.SessionId != null && part.Subject != null)
            .Select(
                part => new { part.Application!.Id, part.Application.ClientId, SessionId = part.SessionId!.Value, Subject = part.Subject! })
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

    /// <summary>Makes this node send the notices at once. Any other node would do so within seconds.</summary>
    public void Wake() => signal.Give();
}
