using System.Text;
using AuthServer.Audit;
using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/audit</c> and <c>/users/{id}/history</c>: who did what, and when.</summary>
internal static class AuditApi
{
    private const string LinesOfJson = "application/x-ndjson";
    private const string Table = "text/csv";

    private static readonly TimeSpan LongestExport = TimeSpan.FromHours(1);

    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", ListAsync).WithTags("Audit").Requires(AuditRead).WithName("listEvents")
            .WithSummary("Lists what was done, the newest first.").WithAnswerExample("""
                {
                  "items": [
                    {
                      "id": "01a22de2-b655-7178-bae5-9fae00000003", "time": "2026-11-30T12:00:00Z",
                      "actor": {
                        "kind": "person", "id": "01a22de2-b655-7178-bae5-9fae00000004", "session": "01a22de2-b655-7178-bae5-9fae00000005",
                        "address": "192.0.2.7", "userAgent": "Mozilla/5.0"
                      },
                      "action": "user.changed", "target": { "kind": "user", "id": "01a22de2-b655-7178-bae5-9fae00000000" },
                      "person": "01a22de2-b655-7178-bae5-9fae00000000", "outcome": "done", "reason": null,
                      "trace": "4bf92f3577b34da6a3ce929d0e0e4736",
                      "changes": { "displayName": { "before": "Erin", "after": "Erin Eom" } }
                    }
                  ],
                  "next": null
                }
                """);
        api.MapGet("/audit/export", ExportAsync).WithTags("Audit").Requires(AuditRead).WithName("exportEvents")
            .Produces<string>(StatusCodes.Status200OK, LinesOfJson, Table).WithRequestTimeout(LongestExport)
            .WithSummary("Writes all events, the newest first, one a line: JSON, CSV or OCSF.");
        api.MapGet("/users/{id:guid}/history", ListOfUserAsync).WithTags("Users").Requires(AuditRead).WithName("listUserEvents")
            .WithSummary("Lists what was done by or to a user, the newest first.");
    }

    /// <param name="from">Only events from this instant on.</param>
    /// <param name="to">Only events before this instant.</param>
    /// <param name="actor">The id of a user, a <c>client_id</c>, or an operator's account.</param>
    /// <param name="target">The id of a user, a <c>client_id</c>, a session or a key.</param>
    /// <param name="person">The user whom the event is about.</param>
    /// <param name="action">An action, or the beginning of several: <c>user.</c>.</param>
    internal static Task<Ok<Page<AuditView>>> ListAsync(
        HttpContext http, AdminCaller caller, AdminAuthority authority, AuditQueries audit, CancellationToken cancellationToken,
        DateTimeOffset? from = null, DateTimeOffset? to = null, string? actor = null, string? target = null, Guid? person = null,
        string? action = null, string? cursor = null, int? limit = null) => PageAsync(
        FilterOf(caller, authority, from, to, actor, target, person, action),
        http,
        caller,
        audit,
        Paging.Read(cursor, limit, 2),
        cancellationToken);

    /// <inheritdoc cref="ListAsync"/>
    /// <param name="format"><c>jsonl</c>, <c>csv</c>, or <c>ocsf</c>: JSON lines in the Open Cybersecurity Schema Framework, for a SIEM.</param>
    internal static async Task ExportAsync(
        HttpContext http, AdminCaller caller, AdminAuthority authority, AuditQueries audit, CancellationToken cancellationToken,
        string format = AuditExport.JsonLines, DateTimeOffset? from = null, DateTimeOffset? to = null, string? actor = null,
        string? target = null, Guid? person = null, string? action = null)
    {
        if (!AuditExport.Formats.Contains(format))
        {
            throw new AdminProblem(ProblemKind.InvalidRequest, $"'format' is one of {string.Join(", ", AuditExport.Formats)}.");
        }

        var filter = FilterOf(caller, authority, from, to, actor, target, person, action);
        http.Response.ContentType = format is AuditExport.Csv ? $"{Table}; charset=utf-8" : LinesOfJson;
        var text = new StringBuilder();
        if (AuditExport.Head(format) is { } head)
        {
            text.Append(head).Append('\n');
        }

        await foreach (var page in audit.PagesAsync(filter, int.MaxValue, cancellationToken))
        {
            foreach (var row in page)
            {
                text.Append(AuditExport.Line(format, VisibleOf(row, caller))).Append('\n');
            }

            await http.Response.WriteAsync(text.ToString(), cancellationToken);
            text.Clear();
        }

        await http.Response.WriteAsync(text.ToString(), cancellationToken);
    }

    private static async Task<Ok<Page<AuditView>>> ListOfUserAsync(
        Guid id, HttpContext http, AdminCaller caller, AdminAuthority authority, AuditQueries audit, CancellationToken cancellationToken,
        string? cursor = null, int? limit = null)
    {
        await authority.FindAsync(caller, AuditRead, id, cancellationToken);
        return await PageAsync(new AuditFilter { Person = id }, http, caller, audit, Paging.Read(cursor, limit, 2), cancellationToken);
    }

    private static async Task<Ok<Page<AuditView>>> PageAsync(
        AuditFilter filter, HttpContext http, AdminCaller caller, AuditQueries audit, Paging paging, CancellationToken cancellationToken)
    {
        var rows = await audit.PageAsync(filter, paging.InstantAndId, paging.Limit + 1, cancellationToken);
        return TypedResults.Ok(paging.PageOf(
            http, rows, row => Paging.PositionOf(row.Event.At, row.Event.Id), row => AuditView.Of(VisibleOf(row, caller))));
    }

    private static AuditFilter FilterOf(
        AdminCaller caller, AdminAuthority authority, DateTimeOffset? from, DateTimeOffset? to, string? actor, string? target, Guid? person,
        string? action)
    {
        var isLimited = !caller.Allowed.HasForAll(AuditRead);

        // A limited caller is not told who did something. So a search for somebody else finds only what that person did to themselves.
        if (isLimited && actor is not null && actor != caller.Id)
        {
            person = Guid.TryParse(actor, out var self) && (person ?? self) == self ? self : Guid.Empty;
        }

        return new AuditFilter
        {
            From = from,
            To = to,
            Actor = actor,
            Target = target,
            Person = person,
            Action = action,

            // Of those whom the caller may not see, nothing is told; nor of what concerns no person.
            People = isLimited ? authority.Visible(caller, AuditRead).Select(user => user.Id) : null,
        };
    }

    // A limited caller sees what they did themselves and what people did to themselves. Of all else, neither who did it nor from where.
    private static ReadableEvent VisibleOf(ReadableEvent row, AdminCaller caller) =>
        caller.Allowed.HasForAll(AuditRead) || row.Event.ActorId == row.Event.PersonId?.ToString()
            || row.Event.ActorId == caller.User?.ToString()
            ? row
            : row.WithoutActor();
}
