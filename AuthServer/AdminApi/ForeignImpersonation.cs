using AuthServer.Sessions;

namespace AuthServer.AdminApi;

/// <summary>
/// When an administrator has acted as a user, callers who may see only some users learn that it was so. They learn neither who it was nor
/// from where: the audit does not tell them, either.
/// </summary>
internal static class ForeignImpersonation
{
    public static SessionRow Shown(this AdminCaller caller, string scope, SessionRow row) => caller.IsKeptFrom(scope, row)
        ? row with { ImpersonatorId = null, Address = null, UserAgent = null }
        : row;

    public static SessionHistory Shown(this AdminCaller caller, string scope, SessionHistory history) =>
        caller.IsKeptFrom(scope, history.Session)
            ? history with
            {
                Session = caller.Shown(scope, history.Session),
                Events = [.. history.Events.Select(entry => entry with { Address = null })],
            }
            : history;

    /// <summary>Nobody finds by a device what does not show its device to them.</summary>
    public static IQueryable<Session> FindableByDevice(this AdminCaller caller, string scope, IQueryable<Session> which) =>
        caller.Allowed.HasForAll(scope) ? which
        : which.Where(session => session.ImpersonatorId == null || session.ImpersonatorId == caller.User);

    private static bool IsKeptFrom(this AdminCaller caller, string scope, SessionRow row) =>
        !caller.Allowed.HasForAll(scope) && row.ImpersonatorId is { } administrator && administrator != caller.User;
}
