using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AuditSeals;

/// <summary>What the sealer, the pruning and the verification ask about the chain.</summary>
internal static class AuditLinks
{
    /// <summary>
    /// How far back before the last link the sealer looks for events without one. An event is dated in its transaction, which may commit after
    /// younger ones; none stays open this long. An event that turns up with an older date was not written by this program.
    /// </summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>How far the clock of another node may be ahead. An event with a later date was not written by this program.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <returns>The last link; null if there is none.</returns>
    public static Task<AuditSeal?> LastLinkAsync(this AuthDbContext context, CancellationToken cancellationToken) =>
        context.Set<AuditSeal>().AsNoTracking().OrderByDescending(seal => seal.Sequence).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The dates of the events that may follow the last link.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) DatesAfter(AuditSeal? last, DateTimeOffset now)
    {
        // A node whose clock is ahead must not move the window away from the events of the others.
        var from = last is null ? DateTimeOffset.MinValue : (last.At < now ? last.At : now) - Window;
        return (from, now + Ahead);
    }

    public static IQueryable<AuditEvent> Unlinked(this AuthDbContext context) => context.Set<AuditEvent>().AsNoTracking()
        .Where(entry => !context.Set<AuditSeal>().Any(seal => seal.EventId == entry.Id));
}
