using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Operations;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/sessions</c>: sign-ins, their lineage, and their end.</summary>
internal static class SessionsApi
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("", ListAsync).Requires(SessionsRead).WithName("listSessions").WithSummary("Lists sign-ins, the newest first.");
        sessions.MapGet("/{id:guid}", ShowAsync).Requires(SessionsRead).WithName("showSession")
            .WithSummary("Shows everything that happened to a sign-in: why was I signed out?");
        sessions.MapPost("/{id:guid}/end", EndAsync).Requires(SessionsEnd).WithName("endSession")
            .WithSummary("Ends a sign-in. Its tokens can no longer be refreshed, and introspection refuses them.");
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
        var which = authority.Visible(caller, SessionsRead, ended ? sessions.Over(filter) : sessions.Active(filter));
        which = device is null ? which : caller.FindableByDevice(SessionsRead, which);
        var rows = await sessions.PageAsync(which, paging.InstantAndId, paging.Limit + 1, cancellationToken);
        var now = time.GetUtcNow();
        return TypedResults.Ok(paging.PageOf(http, rows, row => Paging.PositionOf(row.SignedInAt, row.Id), row => SessionSummary.Of(caller.Shown(SessionsRead, row), now)));
    }

    private static async Task<Ok<SessionView>> ShowAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, SessionQueries sessions, AuthDbContext context, TimeProvider time,
        CancellationToken cancellationToken)
    {
        await RequireAsync(id, context, authority, caller, SessionsRead, cancellationToken);
        var history = await sessions.FindAsync(id, cancellationToken) ?? throw NoSession(id);
        return TypedResults.Ok(SessionView.Of(caller.Shown(SessionsRead, history), time.GetUtcNow()));
    }

    private static async Task<Ok<SessionView>> EndAsync(
        Guid id, AdminCaller caller, AdminAuthority authority, SessionQueries sessions, SessionEnd end, AuthDbContext context,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var user = await RequireAsync(id, context, authority, caller, SessionsEnd, cancellationToken);
        await authority.FindToChangeAsync(caller, SessionsEnd, user, cancellationToken);
        await end.EndAsync(id, SessionEndReasons.EndedByOperator, cause: null);
        return TypedResults.Ok(SessionView.Of(caller.Shown(SessionsEnd, (await sessions.FindAsync(id, cancellationToken))!), time.GetUtcNow()));
    }

    // The user of a session that the caller may see.
    private static async Task<Guid> RequireAsync(
        Guid id, AuthDbContext context, AdminAuthority authority, AdminCaller caller, string scope, CancellationToken cancellationToken) =>
        await authority.Visible(caller, scope, context.Sessions.AsNoTracking().Where(session => session.Id == id))
            .Select(session => (Guid?)session.UserId).SingleOrDefaultAsync(cancellationToken) ?? throw NoSession(id);

    /// <summary>An app that does not exist has no sign-ins: whoever may not see apps is not told which there are.</summary>
    public static async Task<SessionFilter> FilterAsync(
        SessionQueries sessions, Guid? user, string? app, string? device, DateTimeOffset? before,
        CancellationToken cancellationToken) => new()
        {
            User = user,
            Client = app is null ? null : await sessions.FindClientAsync(app, cancellationToken) ?? Guid.Empty,
            Device = string.IsNullOrWhiteSpace(device) ? null : device,
            SignedInBefore = before,
        };

    private static OperationException NoSession(Guid id) => new(OperationFault.NotFound, $"There is no session '{id}'.");
}
