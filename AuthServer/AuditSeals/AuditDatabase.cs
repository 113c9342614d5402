using System.Runtime.CompilerServices;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AuditSeals;

/// <summary>The rows of the database, for <see cref="AuditVerifier"/>.</summary>
internal sealed class AuditDatabase(AuthDbContext context, IServiceScopeFactory scopes, TimeProvider time) : IAuditSource
{
    private const int PageSize = 5000;

    public IAsyncEnumerable<AuditKey> KeysAsync(CancellationToken cancellationToken) =>
        context.Set<AuditKey>().AsNoTracking().OrderBy(key => key.Generation).AsAsyncEnumerable();

    public IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync(CancellationToken cancellationToken) =>
        context.Set<AuditCheckpoint>().AsNoTracking().OrderBy(checkpoint => checkpoint.Sequence).AsAsyncEnumerable();

    // The next page is read while the caller works on this one.
    public async IAsyncEnumerable<(AuditSeal Seal, AuditEvent? Event)> LinksAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = PageAsync(long.MinValue, cancellationToken); next is not null;)
        {
            var page = await next;
            next = page.Count is PageSize ? PageAsync(page[^1].Seal.Sequence, cancellationToken) : null;
            foreach (var link in page)
            {
                yield return link;
            }
        }
    }

    private async Task<List<(AuditSeal Seal, AuditEvent? Event)>> PageAsync(long after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var page = await (
            from seal in context.Set<AuditSeal>().AsNoTracking()
            join entry in context.Set<AuditEvent>().AsNoTracking() on seal.EventId equals entry.Id into found
            from entry in found.DefaultIfEmpty()
            where seal.Sequence > after
            orderby seal.Sequence
            select new { Seal = seal, Event = entry }).Take(PageSize).ToListAsync(cancellationToken);
        return page.ConvertAll(link => (link.Seal, (AuditEvent?)link.Event));
    }

    public async Task<AuditEvent?> UnsealedAsync(CancellationToken cancellationToken)
    {
        if (await context.LastLinkAsync(cancellationToken) is not { } last)
        {
            return null;
        }

        // The sealer leaves them out, because this program does not write such dates.
        var (from, to) = AuditLinks.DatesAfter(last, time.GetUtcNow());
        return await context.Unlinked().Where(entry => entry.At < from || entry.At > to).OrderBy(entry => entry.At)
            .FirstOrDefaultAsync(cancellationToken);
    }
}
