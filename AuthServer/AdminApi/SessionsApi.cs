using System.Security.Cryptography;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Operations;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary>Which sign-ins to end. At least one field is needed.</summary>
/// <param name="User">Of this user: the <c>sub</c>.</param>
/// <param name="App">Those that signed in to this app: its <c>client_id</c>.</param>
/// <param name="Device">Those whose user agent or address contains this text.</param>
/// <param name="Before">Those that began before this instant.</param>
/// <param name="Digest">The digest of the preview. Without it, nothing ends.</param>
internal sealed record SessionsInput(
    Guid? User = null, string? App = null, string? Device = null, DateTimeOffset? Before = null, string? Digest = null);

/// <summary>What ending sign-ins would do, or has done.</summary>
/// <param name="IsDone">False for a preview.</param>
/// <param name="Count">How many sign-ins.</param>
/// <param name="Sample">The newest ten of them; empty once they are ended.</param>
/// <param name="Digest">To be sent back to end exactly these; null once they are ended.</param>
internal sealed record SessionsEnding(bool IsDone, int Count, IReadOnlyList<SessionSummary> Sample, string? Digest);

/// <summary><c>/sessions</c>: sign-ins, their lineage, and their end.</summary>
internal static class SessionsApi
{
    private const int SampleSize = 10;
    private const int MostAtOnce = 10_000;

    public static void MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("", ListAsync).Requires(SessionsRead).WithName("listSessions").WithSummary("Lists sign-ins, the newest first.");
        sessions.MapGet("/{id:guid}", ShowAsync).Requires(SessionsRead).WithName("showSession")
            .WithSummary("Shows everything that happened to a sign-in: why was I signed out?");
        sessions.MapPost("/{id:guid}/end", EndAsync).Requires(SessionsEnd).WithName("endSession")
            .WithSummary("Ends a sign-in. Its tokens can no longer be refreshed, and introspection refuses them.");
        sessions.MapPost("/end", EndManyAsync).Requires(SessionsEnd, isFresh: true).WithName("endSessions")
            .WithSummary("Ends many sign-ins: first a preview, then exactly what the preview showed.")
            .WithExample("""{ "app": "orders", "before": "2026-11-30T12:00:00Z" }""")
            .WithAnswerExample("""
                {
                  "isDone": false, "count": 1,
                  "sample": [
                    {
                      "id": "01a22de2-b655-7178-bae5-9fae00000001", "userId": "01a22de2-b655-7178-bae5-9fae00000000", "user": "erin",
                      "state": "active", "signedInAt": "2026-11-30T11:00:00Z", "lastSeenAt": "2026-11-30T11:40:00Z",
                      "expiresAt": "2026-12-14T11:00:00Z", "endedAt": null, "endReason": null, "address": "192.0.2.7",
                      "userAgent": "Mozilla/5.0", "clients": ["orders"]
                    }
                  ],
                  "digest": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
                }
                """);
    }

    /// <param name="user">Only those of this user: the <c>sub</c>.</param>
    /// <param name="app">Only those that signed in to this app: its <c>client_id</c>.</param>
    /// <param name="device">Only those whose user agent or address contains this text.</param>
    /// <param name="before">Only those that began before this instant.</param>
    /// <param name="ended">True for sign-ins that have ended or expired.</param>
    internal static async Task<Ok<Page<SessionSummary>>> ListAsync(
        HttpContext http, AdminCaller caller, AdminAuthority authority, SessionQueries sessions, TimeProvider time,
        CancellationToken cancellationToken, Guid? user = null, string? app = null, string? device = null, DateTimeOffset? before = null,
        bool ended = false, string? cursor = null, int? limit = null)
    {
        var paging = Paging.Read(cursor, limit, 2);
        var filter = await FilterAsync(sessions, user, app, device, before, cancellationToken);
        var which = Visible(ended ? sessions.Over(filter) : sessions.Active(filter), authority, caller, SessionsRead);
        var rows = await sessions.PageAsync(which, paging.InstantAndId, paging.Limit + 1, cancellationToken);
        var now = time.GetUtcNow();
        return TypedResults.Ok(paging.PageOf(http, rows, row => Paging.PositionOf(row.SignedInAt, row.Id), row => SessionSummary.Of(row, now)));
    }

    private static async Task<Ok<SessionView>> ShowAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, SessionQueries sessions, AuthDbContext context, TimeProvider time,
        CancellationToken cancellationToken)
    {
        await RequireAsync(id, context, authority, caller, SessionsRead, cancellationToken);
        var history = await sessions.FindAsync(id, cancellationToken) ?? throw NoSession(id);
        return TypedResults.Ok(SessionView.Of(history, time.GetUtcNow()));
    }

    private static async Task<Ok<SessionView>> EndAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, SessionQueries sessions, SessionEnd end, AuthDbContext context,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var user = await RequireAsync(id, context, authority, caller, SessionsEnd, cancellationToken);
        await authority.FindToChangeAsync(caller, SessionsEnd, user, cancellationToken);
        await end.EndAsync(id, SessionEndReasons.EndedByOperator, cause: null);
        return TypedResults.Ok(SessionView.Of((await sessions.FindAsync(id, cancellationToken))!, time.GetUtcNow()));
    }

    private static async Task<Ok<SessionsEnding>> EndManyAsync(
        Body<SessionsInput> body, AdminCaller caller, AdminAuthority authority, SessionQueries sessions, SessionEnd end,
        AuthDbContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var input = body.Value;
        var filter = await FilterAsync(sessions, input.User, input.App, input.Device, input.Before, cancellationToken);
        if (filter.IsEmpty)
        {
            throw Require.Wrong("", "At least one of user, app, device and before is needed: otherwise it would be everybody.");
        }

        var which = Visible(await sessions.EndableAsync(filter, cancellationToken), authority, caller, SessionsEnd);
        which = await authority.WithoutMorePowerfulAsync(caller, which, cancellationToken);
        var ids = await which.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id)
            .Select(session => session.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        var digest = DigestOf(ids);
        if (input.Digest is null)
        {
            var now = time.GetUtcNow();
            var sample = await sessions.PageAsync(which, null, SampleSize, cancellationToken);
            return TypedResults.Ok(new SessionsEnding(false, ids.Count, [.. sample.Select(row => SessionSummary.Of(row, now))], digest));
        }

        if (input.Digest != digest)
        {
            throw new AdminProblem(ProblemKind.Stale, "There are other sign-ins by now: ask for a new preview.");
        }

        var ended = 0;
        foreach (var batch in ids.Chunk(500))
        {
            ended += await end.EndAsync(
                context.Sessions.Where(session => batch.Contains(session.Id)), SessionEndReasons.EndedByOperator, cause: null,
                CancellationToken.None);
        }

        return TypedResults.Ok(new SessionsEnding(true, ended, [], null));
    }

    private static IQueryable<Session> Visible(IQueryable<Session> which, AdminAuthority authority, AdminCaller caller, string scope)
    {
        if (caller.Allowed.RolesFor(scope) is null)
        {
            return which;
        }

        var users = authority.Visible(caller, scope).Select(user => user.Id);
        return which.Where(session => users.Contains(session.UserId));
    }

    // The user of a session that the caller may see.
    private static async Task<Guid> RequireAsync(
        Guid id, AuthDbContext context, AdminAuthority authority, AdminCaller caller, string scope, CancellationToken cancellationToken) =>
        await Visible(context.Sessions.AsNoTracking().Where(session => session.Id == id), authority, caller, scope)
            .Select(session => (Guid?)session.UserId).SingleOrDefaultAsync(cancellationToken) ?? throw NoSession(id);

    private static async Task<SessionFilter> FilterAsync(
        SessionQueries sessions, Guid? user, string? app, string? device, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        return new SessionFilter
        {
            User = user,
            Client = app is null ? null : await sessions.FindClientAsync(app, cancellationToken) ?? throw NoApp(app),
            Device = string.IsNullOrWhiteSpace(device) ? null : device,
            SignedInBefore = before,
        };
    }

    private static AdminProblem NoApp(string app) =>
        new(ProblemKind.InvalidField, $"There is no app '{app}'.", new FieldProblem("/app", "There is no such app."));

    private static OperationException NoSession(Guid id) => new(OperationFault.NotFound, $"There is no session '{id}'.");

    private static string DigestOf(IEnumerable<Guid> ids) =>
        Convert.ToHexStringLower(SHA256.HashData([.. ids.SelectMany(id => id.ToByteArray())]));
}
