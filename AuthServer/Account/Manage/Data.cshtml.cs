using System.Text.Json;
using AuthServer.Administration;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account.Manage;

/// <summary>Downloads all that is kept about a person, and deletes the account.</summary>
internal sealed class DataModel(
    AuthDbContext database,
    PasswordSignIn passwords,
    KnownBrowsers known,
    SignInThrottle throttle,
    UserManager<User> users,
    Authenticators authenticators,
    RememberedBrowsers remembered,
    AccountHistory history,
    AccountRemoval removal,
    RolePermissionStore administrators) : ManagePage
{
    // More than a person reads. An attacker must not be able to make the file endless.
    private const int MostHistory = 10_000;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    protected override bool NeedsFreshSignIn => true;

    // A property and not a parameter of the handler: MVC logs parameters.
    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public bool IsSure { get; set; }

    public async Task<IActionResult> OnPostDownloadAsync(CancellationToken cancellationToken)
    {
        var subject = Person.Id.ToString();
        database.Record(new AuditFact(AuditActions.DataExported, AuditTarget.User(Person.Id)));
        await database.SaveChangesAsync(cancellationToken);
        var data = new
        {
            account = new
            {
                Person.Id,
                Person.UserName,
                Person.Email,
                Person.EmailConfirmed,
                Person.DisplayName,
                Person.Language,
                Person.CreatedAt,
                Present.Roles,
            },
            authenticator = (await authenticators.FindAsync(Person.Id, cancellationToken)) is { ConfirmedAt: var since }
                ? new { Since = since }
                : null,
            passkeys = (await users.GetPasskeysAsync((await users.FindByIdAsync(subject))!))
                .Select(passkey => new { passkey.Name, passkey.CreatedAt }),
            rememberedBrowsers = (await remembered.ListAsync(Person, cancellationToken))
                .Select(row => new { row.CreatedAt, row.LastUsedAt, row.ExpiresAt, row.Address, row.UserAgent }),
            history = (await history.ReadAsync(Person.Id, behind: null, MostHistory, cancellationToken)).Entries.Reverse()
                .Select(entry => new { entry.At, Kind = entry.Text["Event".Length..], entry.Detail, entry.Address, entry.Device }),
            sessions = await database.Sessions.AsNoTracking().Where(session => session.UserId == Person.Id)
                .OrderBy(session => session.CreatedAt)
                .Select(session => new
                {
                    session.Id,
                    session.CreatedAt,
                    session.LastSeenAt,
                    session.ExpiresAt,
                    session.EndedAt,
                    session.EndReason,
                    Address = session.ImpersonatorId == null ? session.Address : null,
                    UserAgent = session.ImpersonatorId == null ? session.UserAgent : null,
                    session.Methods,
                    IsOfAdministrator = session.ImpersonatorId != null,
                    session.ImpersonationReason,
                })
                .ToListAsync(cancellationToken),
            apps = (await database.Authorizations.AsNoTracking().Where(row => row.Subject == subject).OrderBy(row => row.CreationDate)
                .Select(row => new
                {
                    App = row.Application!.ClientId,
                    row.CreationDate,
                    row.Scopes,
                    row.Properties,
                    row.Status,
                    row.Type,
                    row.SessionId,
                })
                .ToListAsync(cancellationToken))
                .Select(row => new
                {
                    row.App,
                    CreatedAt = row.CreationDate is { } at ? (DateTimeOffset?)DateTime.SpecifyKind(at, DateTimeKind.Utc) : null,
                    Scopes = Parse(row.Scopes),
                    Claims = Parse(row.Properties),
                    row.Status,
                    row.Type,
                    row.SessionId,
                }),
            events = await (
                from entry in database.SessionEvents.AsNoTracking()
                join session in database.Sessions on entry.SessionId equals session.Id
                where session.UserId == Person.Id
                orderby entry.At
                select new
                {
                    entry.SessionId,
                    entry.At,
                    Kind = entry.Kind.ToString(),
                    Address = session.ImpersonatorId == null ? entry.Address : null,
                    entry.Reason,
                })
                .ToListAsync(cancellationToken),
        };
        return File(JsonSerializer.SerializeToUtf8Bytes(data, Readable), "application/json", "account.json");
    }

    // Embedded as JSON, not as a string that contains JSON.
    private static JsonElement? Parse(string? json) => string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize<JsonElement>(json);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Password))
        {
            return Refuse("CurrentPasswordMissing", field: "password");
        }

        if (!IsSure)
        {
            return Refuse("DeleteAccountUnsure", field: "isSure");
        }

        if (await IsLastAdministratorAsync(cancellationToken))
        {
            return Refuse("LastAdministrator");
        }

        var source = throttle.OfAddress(HttpContext.RemoteAddress());
        var result = await passwords.TryAsync(source, Person.UserName!, Password, known.Find(HttpContext), cancellationToken);
        if (result.Outcome is not PasswordOutcome.Passed)
        {
            return Refuse(result, "WrongPassword", "password");
        }

        await removal.RemoveAsync(Person.Id, SessionEndReasons.AccountDeleted);
        await HttpContext.SignOutAsync(BrowserCookie.Scheme);
        return LocalRedirect(Paths.Deleted);
    }

    private async Task<bool> IsLastAdministratorAsync(CancellationToken cancellationToken) =>
        await administrators.FullAdminsAsync(cancellationToken) is [var only] && only == Person.Id;
}
