using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AdminApi;

/// <summary>One thing of a bulk operation.</summary>
/// <param name="Id">The user, or the sign-in.</param>
/// <param name="Result">
/// Null while it is not done; then <c>done</c>, <c>unchanged</c>, <c>not_found</c>, <c>too_powerful</c>, <c>last_administrator</c> or
/// <c>conflict</c>.
/// </param>
internal sealed record BulkItem(Guid Id, string? Result)
{
    public static BulkItem Of(Guid id, BulkOutcome? outcome) =>
        new(id, outcome is { } known ? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{known}") : null);
}

/// <summary>A bulk operation: what it would do, or how far it is.</summary>
/// <param name="Digest">Send it to do exactly this, again and again until <paramref name="Done"/> is <paramref name="Count"/>.</param>
/// <param name="Action">What is done.</param>
/// <param name="Count">How many things it is about.</param>
/// <param name="HasMore">True if the filter found more than one operation takes. Ask for another preview when this one is done.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Sample">Of a preview: some of the things.</param>
/// <param name="Items">Of a step: the things that it has done.</param>
/// <param name="ExpiresAt">Until when it can go on.</param>
internal sealed record BulkView<T>(
    string Digest, string Action, int Count, bool HasMore, int Done, IReadOnlyList<T> Sample, IReadOnlyList<BulkItem> Items,
    DateTimeOffset ExpiresAt);

/// <summary>Keeps the plans of bulk operations.</summary>
internal sealed class BulkPlans(AuthDbContext context, TimeProvider time)
{
    public const int SampleSize = 10;
    private const int MostItems = 10_000;

    // A preview of everybody takes 160 kB.
    private const int MostPreviews = 10;

    private static readonly TimeSpan PreviewLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <param name="which">The ids of what is to be changed, in the order in which it will be.</param>
    public async Task<(BulkPlan Plan, bool HasMore)> AddAsync(
        AdminCaller caller, BulkKind kind, string action, string? role, IQueryable<Guid> which, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await context.Set<BulkPlan>().Where(plan => plan.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        var old = await context.Set<BulkPlan>().Where(plan => plan.Caller == caller.Id && plan.Done == 0)
            .OrderByDescending(plan => plan.ExpiresAt).Skip(MostPreviews - 1).Select(plan => plan.Digest).ToListAsync(cancellationToken);
        await context.Set<BulkPlan>().Where(plan => old.Contains(plan.Digest) && plan.Done == 0).ExecuteDeleteAsync(cancellationToken);
        var ids = await which.Take(MostItems + 1).ToListAsync(cancellationToken);
        var items = BulkPlan.Pack(ids.Take(MostItems));
        var plan = new BulkPlan
        {
            // No two plans are the same: what one has done, another may do again.
            Digest = Convert.ToHexStringLower(SHA256.HashData(
                [.. Guid.CreateVersion7().ToByteArray(), .. Encoding.UTF8.GetBytes($"{kind}\0{action}\0{role}\0"), .. items])),
            Caller = caller.Id,
            Kind = kind,
            Action = action,
            Role = role,
            Items = items,
            ExpiresAt = now + PreviewLifetime,
        };
        context.Add(plan);
        await context.SaveChangesAsync(cancellationToken);
        return (plan, ids.Count > MostItems);
    }

    /// <exception cref="AdminProblem">It has expired, or is somebody else's, or is about something else.</exception>
    public async Task<BulkPlan> FindAsync(AdminCaller caller, BulkKind kind, string digest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Set<BulkPlan>().AsNoTracking()
            .SingleOrDefaultAsync(
                plan => plan.Digest == digest && plan.Kind == kind && plan.Caller == caller.Id && plan.ExpiresAt > now, cancellationToken)
            ?? throw new AdminProblem(ProblemKind.NotFound, "There is no preview with this digest, or it has expired.");
    }

    /// <summary>Does the next step of a plan, within the transaction of the request.</summary>
    /// <param name="change">Changes the things with these ids.</param>
    /// <exception cref="AdminProblem">Another request is doing the same step.</exception>
    public async Task<BulkView<T>> GoOnAsync<T>(
        AdminCaller caller, string digest, BulkKind kind, int most,
        Func<BulkPlan, IReadOnlyList<Guid>, Task<IReadOnlyList<BulkOutcome>>> change, CancellationToken cancellationToken)
    {
        var plan = await FindAsync(caller, kind, digest, cancellationToken);
        var ids = plan.Ids(plan.Done, most).ToList();
        if (ids.Count is 0)
        {
            return View<T>(plan, [], []);
        }

        // First of all: another request with the same digest waits here, and then finds nothing.
        var (from, expiresAt) = (plan.Done, time.GetUtcNow() + Lifetime);
        var claimed = await context.Set<BulkPlan>().Where(row => row.Digest == digest && row.Done == from).ExecuteUpdateAsync(
            row => row.SetProperty(one => one.Done, from + ids.Count).SetProperty(one => one.ExpiresAt, expiresAt), cancellationToken);
        if (claimed is 0)
        {
            throw new AdminProblem(ProblemKind.Stale, "Another request does this step: send the digest again for the next one.");
        }

        var outcomes = await change(plan, ids);
        byte[] results = [.. plan.Results, .. outcomes.Select(outcome => (byte)outcome)];
        await context.Set<BulkPlan>().Where(row => row.Digest == digest)
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.Results, results), cancellationToken);
        (plan.Done, plan.ExpiresAt) = (from + ids.Count, expiresAt);
        return View<T>(plan, [], [.. ids.Zip(outcomes, (id, outcome) => BulkItem.Of(id, outcome))]);
    }

    public static BulkView<T> View<T>(
        BulkPlan plan, IReadOnlyList<T> sample, IReadOnlyList<BulkItem> items, bool hasMore = false) =>
        new(plan.Digest, plan.Action, plan.Count, hasMore, plan.Done, sample, items, plan.ExpiresAt);
}
