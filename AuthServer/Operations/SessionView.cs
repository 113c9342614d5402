using System.Text.Json;
using AuthServer.Sessions;

namespace AuthServer.Operations;

/// <summary>A sign-in in a list.</summary>
/// <param name="Id">The <c>sid</c> of tokens.</param>
/// <param name="UserId">The <c>sub</c> of tokens.</param>
/// <param name="User">The user name.</param>
/// <param name="State"><c>active</c>, <c>ended</c> or <c>expired</c>.</param>
/// <param name="EndReason">Why it ended: docs/sessions.md lists the codes.</param>
/// <param name="Address">The IP address of the sign-in.</param>
/// <param name="ImpersonatedBy">The <c>sub</c> of the administrator who acts as the user in it; null if the user has signed in.</param>
/// <param name="ImpersonationReason">Why, in the administrator's words.</param>
/// <param name="Clients">The ids of the apps that are signed in through it.</param>
internal record SessionSummary(
    Guid Id,
    Guid UserId,
    string? User,
    string State,
    DateTimeOffset SignedInAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? EndReason,
    string? Address,
    string? UserAgent,
    Guid? ImpersonatedBy,
    string? ImpersonationReason,
    IReadOnlyList<string?> Clients)
{
    public static SessionSummary Of(SessionRow row, DateTimeOffset now) => new(
        row.Id,
        row.UserId,
        row.User,
        row.StateAt(now),
        row.SignedInAt,
        row.LastSeenAt,
        row.ExpiresAt,
        row.EndedAt,
        row.EndReason,
        row.Address,
        row.UserAgent,
        row.ImpersonatorId,
        row.ImpersonationReason,
        [.. row.Clients.Distinct()]);
}

/// <summary>A sign-in and everything that happened to it.</summary>
/// <param name="Methods">How the person signed in: names of RFC 8176, separated by spaces. None if an administrator acts as them.</param>
/// <param name="ImpersonatedBy">The <c>sub</c> of the administrator who acts as the user in it; null if the user has signed in.</param>
/// <param name="ImpersonationReason">Why, in the administrator's words.</param>
/// <param name="Clients">What the sign-in gave to each app.</param>
/// <param name="Events">The oldest first.</param>
/// <param name="EarlierEvents">The number of older events, which are not listed.</param>
internal sealed record SessionView(
    Guid Id,
    Guid UserId,
    string? User,
    string State,
    DateTimeOffset SignedInAt,
    string Methods,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? EndReason,
    string? Address,
    string? UserAgent,
    Guid? ImpersonatedBy,
    string? ImpersonationReason,
    IReadOnlyList<SessionApp> Clients,
    int EarlierEvents,
    IReadOnlyList<SessionEventView> Events)
{
    public static SessionView Of(SessionHistory history, DateTimeOffset now) => new(
        history.Session.Id,
        history.Session.UserId,
        history.Session.User,
        history.Session.StateAt(now),
        history.Session.SignedInAt,
        history.Methods,
        history.Session.LastSeenAt,
        history.Session.ExpiresAt,
        history.Session.EndedAt,
        history.Session.EndReason,
        history.Session.Address,
        history.Session.UserAgent,
        history.Session.ImpersonatorId,
        history.Session.ImpersonationReason,
        [.. history.Clients.Select(part => new SessionApp(part.Client, part.Scopes, part.Generation, part.ExpiresAt))],
        history.EarlierEvents,
        [
            .. history.Events.Select(
                entry => new SessionEventView(entry.At, Word(entry.Kind), entry.Client, entry.Generation, entry.Address, entry.Reason)),
        ]);

    public static string Word(SessionEventKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

/// <summary>What a sign-in gave to one app.</summary>
/// <param name="Generation">The number of the last refresh token; 0 if there is none.</param>
/// <param name="Client">The <c>client_id</c>; null if the app was deleted.</param>
/// <param name="ExpiresAt">When that token expires.</param>
internal sealed record SessionApp(string? Client, IReadOnlyList<string> Scopes, int Generation, DateTimeOffset? ExpiresAt);

/// <summary>One thing that happened to a sign-in.</summary>
/// <param name="Kind">docs/sessions.md lists the codes.</param>
/// <param name="Client">Null if the event concerns the whole sign-in.</param>
internal sealed record SessionEventView(
    DateTimeOffset At, string Kind, string? Client, int? Generation, string? Address, string? Reason);
