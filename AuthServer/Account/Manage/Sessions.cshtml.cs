using System.Globalization;
using AuthServer.Data;
using AuthServer.Pages;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account.Manage;

/// <summary>Lists the person's sessions and remembered browsers, and ends them.</summary>
[UnderImpersonation]
internal sealed class SessionsModel(AuthDbContext database, SessionEnd sessions, RememberedBrowsers remembered, TimeProvider time)
    : ManagePage
{
    // That many fit into a page of 50 kB.
    private const int Most = 40;

    public sealed record Row(
        Guid Id, DateTimeOffset SignedInAt, DateTimeOffset LastSeenAt, string? Address, string? UserAgent, IReadOnlyList<string?> Apps,
        ActingRow? Acting);

    /// <summary>An administrator acts as the person. Their address and browser are not the person's business.</summary>
    public sealed record ActingRow(string? Reason, DateTimeOffset Until);

    [BindProperty]
    public Guid? Id { get; set; }

    [BindProperty]
    public bool Others { get; set; }

    /// <summary>The remembered browser to forget.</summary>
    [BindProperty]
    public Guid? Browser { get; set; }

    /// <summary>Browsers in which no code is asked for.</summary>
    public IReadOnlyList<RememberedBrowser> Remembered { get; private set; } = [];

    public Guid? ThisRemembered => remembered.ThisOne(HttpContext);

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    /// <summary>True if there are more sessions, used longer ago.</summary>
    public bool HasMore { get; private set; }

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("g", CultureInfo.CurrentCulture) + " UTC";

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var rows = await Mine().OrderByDescending(session => session.Id == Present.Session.Id)
            .ThenByDescending(session => session.LastSeenAt).Take(Most + 1)
            .Select(session => new Row(
                session.Id,
                session.CreatedAt,
                session.LastSeenAt,
                session.ImpersonatorId == null ? session.Address : null,
                session.ImpersonatorId == null ? session.UserAgent : null,
                database.Authorizations.Where(authorization => authorization.SessionId == session.Id)
                    .Select(authorization => authorization.Application!.DisplayName ?? authorization.Application.ClientId).ToList(),
                session.ImpersonatorId == null ? null : new ActingRow(session.ImpersonationReason, session.ExpiresAt)))
            .ToListAsync(cancellationToken);
        Remembered = await remembered.ListAsync(Person, cancellationToken);
        (Rows, HasMore) = ([.. rows.Take(Most)], rows.Count > Most);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Browser is { } browser)
        {
            await (browser == ThisRemembered
                ? remembered.ForgetThisAsync(HttpContext, Person.Id)
                : remembered.ForgetAsync(Person.Id, browser, cancellationToken));
            return Finish("DoneBrowserForgotten");
        }

        if (Others)
        {
            await remembered.ForgetOthersAsync(HttpContext, Person.Id);
        }

        var which = Others ? Mine().Where(session => session.Id != Present.Session.Id) : Mine().Where(session => session.Id == Id);
        await sessions.EndAsync(which, SessionEndReasons.EndedByUser, cause: null, cancellationToken);
        return Finish(Others ? "DoneOthersSignedOut" : "DoneSignedOut");
    }

    // Security: only the person's own sessions, whatever id the form sends.
    private IQueryable<Session> Mine()
    {
        var now = time.GetUtcNow();
        return database.Sessions.Where(session => session.UserId == Person.Id && session.EndedAt == null && session.ExpiresAt > now);
    }
}
