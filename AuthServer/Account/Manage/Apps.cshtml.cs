using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Pages;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account.Manage;

/// <summary>Shows what each app may do. Removing an app revokes its consent and ends its part of every session.</summary>
internal sealed class AppsModel(AuthDbContext database, SessionEnd sessions, ScopeTexts scopes, TimeProvider time) : ManagePage
{
    /// <param name="IsAsked">
    /// True if people are asked for consent. A first-party app does not ask: it gets access again at the next sign-in.
    /// </param>
    public sealed record Row(Guid Id, string Name, bool IsAsked, IReadOnlyList<string> Lines);

    [BindProperty]
    public Guid? Id { get; set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var found = await Mine()
            .Select(row => new
            {
                row.Application!.Id,
                Name = row.Application.DisplayName ?? row.Application.ClientId!,
                row.Application.ConsentType,
                row.Scopes,
                row.Properties,
            })
            .ToListAsync(cancellationToken);
        var rows = new List<Row>();
        foreach (var app in found.GroupBy(row => (row.Id, row.Name, row.ConsentType))
            .OrderBy(app => app.Key.Name, StringComparer.CurrentCulture))
        {
            var all = app.SelectMany(row => ScopeList.Read(row.Scopes).Concat(RequestedClaims.Read(row.Properties).Scopes))
                .Distinct().ToList();
            rows.Add(new Row(
                app.Key.Id,
                app.Key.Name,
                app.Key.ConsentType is not ConsentTypes.Implicit,
                await scopes.DescribeAsync(all, cancellationToken)));
        }

        Rows = rows;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var theirs = Mine().Where(row => row.Application!.Id == Id);
        foreach (var part in await theirs.Where(row => row.SessionId != null).Select(row => new { row.Id, row.SessionId })
            .ToListAsync(cancellationToken))
        {
            await sessions.EndAuthorizationAsync(part.SessionId!.Value, part.Id, SessionEndReasons.Withdrawn, cause: null);
        }

        var app = await database.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.Id == Id, cancellationToken);
        await database.RecordAsync(
            token => theirs.Where(row => row.Type == AuthorizationTypes.Permanent)
                .ExecuteUpdateAsync(row => row.SetProperty(consent => consent.Status, Statuses.Revoked), token),
            new AuditFact(AuditActions.ConsentWithdrawn, AuditTarget.User(Person.Id))
            {
                Changes = AuditFact.Changed("client", app?.ClientId, null),
            },
            cancellationToken);
        return Finish(app is not null && app.ConsentType is not ConsentTypes.Implicit ? "DoneWithdrawn" : "DoneSignedOutOfApp");
    }

    // Only rows that can still be used: consents, and the authorizations of live sessions.
    private IQueryable<Authorization> Mine()
    {
        var now = time.GetUtcNow();
        var subject = Person.Id.ToString();
        return database.Authorizations.Where(row => row.Subject == subject && row.Status == Statuses.Valid && row.Application != null
            && (row.Type == AuthorizationTypes.Permanent
                || database.Sessions.Any(session => session.Id == row.SessionId && session.EndedAt == null && session.ExpiresAt > now)));
    }
}
