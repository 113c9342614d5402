using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.SupportCodes;

/// <param name="User">The user name; null if the step names nobody, or the account was deleted.</param>
internal sealed record ReadableStep(SupportStep Step, string? User)
{
    /// <summary>What was decided and why, in plain words.</summary>
    public string Words
    {
        get
        {
            var what = SupportSteps.Words.GetValueOrDefault(Step.Step, Step.Step);
            var why = Step.Reason is { } reason ? SupportReasons.Words.GetValueOrDefault(reason, reason) : null;
            return string.Join(": ", new[] { what, why, Step.Details }.OfType<string>());
        }
    }
}

/// <summary>Everything that is kept about one support code.</summary>
/// <param name="Steps">In their order.</param>
/// <param name="IsFull">True if later steps may not have been kept.</param>
/// <param name="Events">The events of the audit that belong to the same requests, in their order.</param>
internal sealed record SupportTrace(string Code, IReadOnlyList<ReadableStep> Steps, bool IsFull, IReadOnlyList<ReadableEvent> Events);

/// <summary>Reads the steps of a support code.</summary>
internal sealed class SupportQueries(AuthDbContext context, AuditQueries audit)
{
    // Refused sign-ins are written to the audit a moment later; while the database is down, some minutes.
    private static readonly TimeSpan AuditDelay = TimeSpan.FromMinutes(10);

    /// <param name="code">As <see cref="SupportCode.Parse"/> returns it.</param>
    /// <returns>Null if nothing is kept under the code.</returns>
    public async Task<SupportTrace?> FindAsync(string code, CancellationToken cancellationToken)
    {
        var steps = await (
            from step in context.Set<SupportStep>().AsNoTracking()
            join user in context.Users on step.UserId equals user.Id into users
            from user in users.DefaultIfEmpty()
            where step.Code == code
            orderby step.At, step.Id
            select new ReadableStep(step, user.UserName)).ToListAsync(cancellationToken);
        return steps.Count is 0
            ? null
            : new SupportTrace(code, steps, steps.Count >= StepWriter.MostOfCode, await EventsOfAsync(steps, cancellationToken));
    }

    private async Task<IReadOnlyList<ReadableEvent>> EventsOfAsync(List<ReadableStep> steps, CancellationToken cancellationToken)
    {
        var filter = new AuditFilter
        {
            From = steps[0].Step.At - AuditDelay,
            To = steps[^1].Step.At + AuditDelay,
            Traces = [.. steps.Select(step => step.Step.TraceId).OfType<string>().Distinct()],
        };
        var events = new List<ReadableEvent>();
        await foreach (var page in audit.PagesAsync(filter, StepWriter.MostOfCode, cancellationToken))
        {
            events.AddRange(page);
        }

        events.Reverse();
        return events;
    }
}
