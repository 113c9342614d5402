using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>
/// Takes, renews and gives back leases. The clocks of the nodes must differ by much less than a lease lasts. If two nodes still hold the
/// same lease, both work, so a job must tolerate that.
/// </summary>
internal sealed class Leases(AuthDbContext context, TimeProvider time)
{
    /// <summary>Takes the lease, or renews it if <paramref name="owner"/> already holds it.</summary>
    /// <returns>False while another owner holds it.</returns>
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

        // There is no row: nobody has ever taken this lease.
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
            .ExecuteUpdateAsync(
                row => row.SetProperty(lease => lease.Owner, owner).SetProperty(lease => lease.Until, until), cancellationToken) is 1;
    }
}
