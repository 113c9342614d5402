using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Takes and keeps leases. The clocks of the nodes may differ by much less than a lease lasts; should two nodes hold one
/// all the same, both work, so a job has to bear that.
/// </summary>
internal sealed class Leases(AuthDbContext context, TimeProvider time)
{
    /// <summary>Takes the lease, or keeps it where <paramref name="owner"/> holds it already.</summary>
    /// <returns>False while somebody else holds it.</returns>
    public async Task<bool> TryTakeAsync(string name, Guid owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (await TryUpdateAsync(name, owner, duration, cancellationToken))
        {
            return true;
        }

        if (await context.Leases.AnyAsync(lease => lease.Name == name, cancellationToken))
        {
            return false;
        }

        // Nobody has ever taken it.
        var entry = context.Leases.Add(new Lease { Name = name, Owner = owner, Until = time.GetUtcNow() + duration });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            entry.State = EntityState.Detached;
            if (!await context.Leases.AnyAsync(lease => lease.Name == name, cancellationToken))
            {
                throw;
            }

            return await TryUpdateAsync(name, owner, duration, cancellationToken);
        }
        finally
        {
            entry.State = EntityState.Detached;
        }
    }

    public Task GiveBackAsync(string name, Guid owner, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return context.Leases.Where(lease => lease.Name == name && lease.Owner == owner)
            .ExecuteUpdateAsync(row => row.SetProperty(lease => lease.Until, now), cancellationToken);
    }

    private async Task<bool> TryUpdateAsync(string name, Guid owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = now + duration;
        return await context.Leases
            .Where(lease => lease.Name == name && (lease.Owner == owner || lease.Until <= now))
            .ExecuteUpdateAsync(row => row.SetProperty(lease => lease.Owner, owner).SetProperty(lease => lease.Until, until), cancellationToken) is 1;
    }
}
