using AuthServer.Data;
using AuthServer.Operations;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>Which sign-ins: those that fit all fields. At least one is needed.</summary>
/// <param name="Ids">Up to 500.</param>
/// <param name="User">Of this user: the <c>sub</c>.</param>
/// <param name="App">A <c>client_id</c>.</param>
/// <param name="Device">Those whose user agent or address contains this text.</param>
/// <param name="Before">Those that began before this instant.</param>
internal sealed record SessionsBulkFilter(
    IReadOnlyList<Guid>? Ids = null, Guid? User = null, string? App = null, string? Device = null, DateTimeOffset? Before = null);

/// <summary>A preview, or its next step.</summary>
/// <param name="Action">Of a preview: <c>end</c>.</param>
/// <param name="Filter">Of a preview.</param>
/// <param name="Digest">Of a step: the preview's. It is sent alone.</param>
internal sealed record SessionsBulkInput(string? Action = null, SessionsBulkFilter? Filter = null, string? Digest = null);

/// <summary><c>/sessions:bulk</c>: the end of many sign-ins.</summary>
internal static class SessionsBulkApi
{
    private const string End = "end";
    private const int StepSize = 500;

    public static void MapSessionsBulk(this RouteGroupBuilder api) => api.MapPost("/sessions:bulk", RunAsync).WithTags("Bulk")
        .Requires(SessionsEnd, isFresh: true).WithName("endSessions")
        .WithSummary("Ends many sign-ins: first a preview, then exactly what it showed, up to 500 with each request.")
        .WithExample("""{ "action": "end", "filter": { "app": "orders", "before": "2026-11-30T12:00:00Z" } }""")
        .WithAnswerExample("""
            {
              "digest": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", "action": "end", "count": 1, "hasMore": false,
              "done": 0,
              "sample": [
                {
                  "id": "01a22de2-b655-7178-bae5-9fae00000001", "userId": "01a22de2-b655-7178-bae5-9fae00000000", "user": "erin",
                  "state": "active", "signedInAt": "2026-11-30T11:00:00Z", "lastSeenAt": "2026-11-30T11:40:00Z",
                  "expiresAt": "2026-12-14T11:00:00Z", "endedAt": null, "endReason": null, "address": "192.0.2.7",
                  "userAgent": "Mozilla/5.0", "impersonatedBy": null, "impersonationReason": null, "clients": ["orders"]
                }
              ],
              "items": [],
              "expiresAt": "2026-11-30T13:05:00Z"
            }
            """);

    private static async Task<Ok<BulkView<SessionSummary>>> RunAsync(
        Body<SessionsBulkInput> body, AdminCaller caller, AdminAuthority authority, BulkPlans plans, SessionQueries sessions, SessionEnd end,
        AuthDbContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = body.Value;
        if (BulkInput.IsStep(input.Digest, input.Action, [End], input.Filter))
        {
            return TypedResults.Ok(await plans.GoOnAsync<SessionSummary>(
                caller,
                input.Digest!,
                BulkKind.Sessions,
                StepSize,
                (_, ids) => EndAsync(
                    ids,
                    context.Sessions.AsNoTracking().Where(session => ids.Contains(session.Id)),
                    caller,
                    authority,
                    end,
                    cancellationToken),
                cancellationToken));
        }

        var which = await sessions.EndableAsync(await FilterAsync(input.Filter!, sessions, cancellationToken), cancellationToken);
        which = await EndableByAsync(
            caller, input.Filter!.Device is null ? which : caller.FindableByDevice(SessionsEnd, which), authority, cancellationToken);
        var (plan, hasMore) = await plans.AddAsync(
            caller,
            BulkKind.Sessions,
            End,
            null,
            SessionQueries.NewestFirst(which).Select(session => session.Id),
            cancellationToken);
        var now = time.GetUtcNow();
        var sample = await sessions.PageAsync(which, null, BulkPlans.SampleSize, cancellationToken);
        return TypedResults.Ok(BulkPlans.View(
            plan, [.. sample.Select(row => SessionSummary.Of(caller.Shown(SessionsEnd, row), now))], [], hasMore));
    }

    private static async Task<IReadOnlyList<BulkOutcome>> EndAsync(
        IReadOnlyList<Guid> ids, IQueryable<Session> which, AdminCaller caller, AdminAuthority authority, SessionEnd end,
        CancellationToken cancellationToken)
    {
        var visible = await authority.Visible(caller, SessionsEnd, which)
            .ToDictionaryAsync(session => session.Id, session => session.EndedAt, cancellationToken);
        var endable = await (await EndableByAsync(caller, which, authority, cancellationToken)).Select(session => session.Id)
            .ToHashSetAsync(cancellationToken);
        await end.EndAsync(
            which.Where(session => endable.Contains(session.Id)), SessionEndReasons.EndedByOperator, cause: null, CancellationToken.None);
        return [.. ids.Select(id =>
            !visible.TryGetValue(id, out var endedAt) ? BulkOutcome.NotFound
            : endedAt is not null ? BulkOutcome.Unchanged
            : endable.Contains(id) ? BulkOutcome.Done
            : BulkOutcome.TooPowerful)];
    }

    private static Task<IQueryable<Session>> EndableByAsync(
        AdminCaller caller, IQueryable<Session> which, AdminAuthority authority, CancellationToken cancellationToken) =>
        authority.WithoutMorePowerfulAsync(caller, authority.Visible(caller, SessionsEnd, which), cancellationToken);

    private static async Task<SessionFilter> FilterAsync(
        SessionsBulkFilter input, SessionQueries sessions, CancellationToken cancellationToken)
    {
        BulkInput.RequireIds(input.Ids);
        var filter = (await SessionsApi.FilterAsync(sessions, input.User, input.App, input.Device, input.Before, cancellationToken)) with
        {
            Ids = input.Ids,
        };
        return filter.IsEmpty ? throw BulkInput.NoFilter() : filter;
    }
}
