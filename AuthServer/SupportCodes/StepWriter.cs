using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.SupportCodes;

/// <summary>
/// Writes steps within the bounds: so many for a code, so many in all. Only <see cref="StepRecorder"/> calls it, one batch after the
/// other. With several nodes, the bound of all steps is exceeded by what the others write in a minute.
/// </summary>
internal sealed class StepWriter(IOptions<SupportOptions> options, TimeProvider time)
{
    /// <summary>A code with as many steps has no room for more: somebody is trying passwords, or an app is in a loop.</summary>
    public const int MostOfCode = 100;

    private const int DeletedAtOnce = 500;
    private static readonly TimeSpan CountedFor = TimeSpan.FromMinutes(1);

    // How many more steps fit, as far as this node knows.
    private int room;
    private DateTimeOffset countedAt;

    /// <param name="isRepeated">True if an earlier attempt may have written the batch.</param>
    public async Task WriteAsync(
        AuthDbContext context, IReadOnlyList<SupportStep> batch, bool isRepeated, CancellationToken cancellationToken)
    {
        var there = isRepeated ? await ThereAsync(context, batch, cancellationToken) : [];
        var fitting = await FittingAsync(context, [.. batch.Where(step => !there.Contains(step.Id))], cancellationToken);
        await ForgetUnknownClientsAsync(context, fitting, cancellationToken);
        await MakeRoomAsync(context, fitting.Count, cancellationToken);
        context.AddRange(fitting);
        await context.SaveChangesAsync(cancellationToken);
        room -= fitting.Count;
    }

    private static Task<HashSet<Guid>> ThereAsync(
        AuthDbContext context, IReadOnlyList<SupportStep> batch, CancellationToken cancellationToken)
    {
        var ids = batch.Select(step => step.Id).ToList();
        return context.Set<SupportStep>().Where(step => ids.Contains(step.Id)).Select(step => step.Id).ToHashSetAsync(cancellationToken);
    }

    private static async Task<List<SupportStep>> FittingAsync(
        AuthDbContext context, IReadOnlyList<SupportStep> steps, CancellationToken cancellationToken)
    {
        var codes = steps.Select(step => step.Code).Distinct().ToList();
        var counts = await context.Set<SupportStep>().Where(step => codes.Contains(step.Code)).GroupBy(step => step.Code)
            .Select(kept => new { Code = kept.Key, Count = kept.Count() })
            .ToDictionaryAsync(kept => kept.Code, kept => kept.Count, StringComparer.Ordinal, cancellationToken);
        var fitting = new List<SupportStep>();
        foreach (var step in steps.Where(step => counts.GetValueOrDefault(step.Code) < MostOfCode))
        {
            counts[step.Code] = counts.GetValueOrDefault(step.Code) + 1;
            fitting.Add(step);
        }

        return fitting;
    }

    // Before the client is known, the id may be any text from anyone.
    private static async Task ForgetUnknownClientsAsync(
        AuthDbContext context, List<SupportStep> steps, CancellationToken cancellationToken)
    {
        var ids = steps.Select(step => step.ClientId).OfType<string>().Distinct().ToList();
        if (ids.Count is 0)
        {
            return;
        }

        var known = await context.Set<Client>().Where(client => ids.Contains(client.ClientId!)).Select(client => client.ClientId!)
            .ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        foreach (var step in steps.Where(step => step.ClientId is { } id && !known.Contains(id)))
        {
            step.ClientId = null;
        }
    }

    private async Task MakeRoomAsync(AuthDbContext context, int count, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (room >= count && now - countedAt < CountedFor)
        {
            return;
        }

        var most = options.Value.MostSteps;
        var kept = await context.Set<SupportStep>().CountAsync(cancellationToken);
        if (kept + count > most)
        {
            // A twentieth more, so that the next batches need not count.
            kept -= await DeleteOldestAsync(context, Math.Min(kept, kept + count - most + (most / 20)), cancellationToken);
        }

        (room, countedAt) = (most - kept, now);
    }

    private static async Task<int> DeleteOldestAsync(AuthDbContext context, int count, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (deleted < count)
        {
            var ids = await context.Set<SupportStep>().OrderBy(step => step.At).Take(Math.Min(DeletedAtOnce, count - deleted))
                .Select(step => step.Id).ToListAsync(cancellationToken);
            if (ids.Count is 0)
            {
                break;
            }

            deleted += await context.Set<SupportStep>().Where(step => ids.Contains(step.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        return deleted;
    }
}
