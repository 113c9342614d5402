using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Pages;
using AuthServer.Protocol;

namespace AuthServer.Account;

/// <summary>An event of the account, as the page "Account activity" shows it.</summary>
/// <param name="Text">What happened, as a key of <see cref="Texts"/>.</param>
/// <param name="Detail">
/// What it was done to: the name of a passkey or a role, an address, an app's <c>client_id</c>; null if the text says all.
/// </param>
/// <param name="Who">Who did it, as a key of <see cref="Texts"/>; null if it is not known.</param>
/// <param name="App">The <c>client_id</c>, if an app did it.</param>
/// <param name="IsDisowned">True if the person has said "This wasn’t me" about the event.</param>
internal sealed record HistoryEntry(
    Guid Id, DateTimeOffset At, string Text, string? Detail, string? Who, string? App, string? Device, string? Address, bool IsDisowned)
{
    public const string ByApp = "ByApp";

    public static HistoryEntry Of(ReadableEvent row, IReadOnlySet<Guid> disowned)
    {
        var entry = row.Event;
        var isApp = entry.ActorKind is nameof(AuditActorKind.Client);

        // An administrator's address and browser are not the person's business.
        var isOfAdministrator = SecurityNotices.IsOfAdministrator(entry)
            || (entry.Action is AuditActions.ImpersonationEnded && entry.ActorId != entry.PersonId?.ToString());
        var source = isOfAdministrator ? new RequestSource(null, null) : SourceOf(entry, row.Personal);
        var isDisowned = disowned.Contains(entry.Id);
        return new(
            entry.Id, entry.At, SecurityNotices.Find(entry)!.Text, DetailOf(entry, row.Personal), isDisowned ? null : WhoOf(entry),
            isApp ? entry.ActorId : null, DeviceName.Of(source.UserAgent), source.Address, isDisowned);
    }

    /// <summary>A row that a version before the audit has written.</summary>
    public static HistoryEntry Of(AccountEvent entry) => new(
        entry.Id, entry.At, $"Event{entry.Kind}", null, null, null, DeviceName.Of(entry.UserAgent), entry.Address, IsDisowned: false);

    /// <summary>
    /// From where it was done. A new session may be on another device than the browser that approves it: then that device.
    /// </summary>
    public static RequestSource SourceOf(AuditEvent entry, PersonalDetails? personal) => entry.Action is AuditActions.SignInPassed
        ? new(After(personal?.Changes, "address"), After(personal?.Changes, "userAgent"))
        : new(personal?.Address, personal?.UserAgent);

    private static string? WhoOf(AuditEvent entry) => entry switch
    {
        { Action: AuditActions.UserLocked } => null,
        { Action: AuditActions.ImpersonationEnded, ActorId: null } => "ByService",
        { ActorKind: nameof(AuditActorKind.Client) } => ByApp,
        _ when SecurityNotices.IsOfAdministrator(entry) => "ByAdministrator",
        { ActorKind: nameof(AuditActorKind.System) } => "ByService",
        { ActorId: null } => "ByLink",
        _ => "ByYou",
    };

    private static string? DetailOf(AuditEvent entry, PersonalDetails? personal)
    {
        var plain = entry.Changes is { } json
            ? JsonSerializer.Deserialize(json, PersonalJson.Default.IReadOnlyDictionaryStringAuditChange)
            : null;
        return entry.Action switch
        {
            AuditActions.EmailChanged => Find(personal?.Changes, "email") is { } email ? $"{email.Before} → {email.After}" : null,
            AuditActions.ImpersonationStarted => After(personal?.Changes, "impersonationReason"),
            AuditActions.PasskeyAdded or AuditActions.PasskeyRenamed or AuditActions.PasskeyRemoved =>
                After(personal?.Changes, "name") ?? Find(personal?.Changes, "name")?.Before,
            AuditActions.UserRoleGiven or AuditActions.UserRoleTaken => After(plain, "role") ?? Find(plain, "role")?.Before,
            AuditActions.ConsentGiven or AuditActions.ConsentWithdrawn or AuditActions.DeviceApproved =>
                After(plain, "client") ?? Find(plain, "client")?.Before,
            _ => null,
        };
    }

    private static AuditChange? Find(IReadOnlyDictionary<string, AuditChange>? changes, string field) => changes?.GetValueOrDefault(field);

    private static string? After(IReadOnlyDictionary<string, AuditChange>? changes, string field) => Find(changes, field)?.After;
}
