using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account.Manage;

/// <summary>Shows what each app may do. Removing an app revokes its consent and ends its part of every session.</summary>
[UnderImpersonation]
internal sealed class AppsModel(AuthDbContext database, Consents consents, ScopeTexts scopes) : ManagePage
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
        var found = await consents.InUse(Person.Id)
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
        var app = await database.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.Id == Id, cancellationToken);
        if (app is not null)
        {
            await consents.WithdrawAsync(Person.Id, app, cancellationToken);
        }

        return Finish(app is not null && app.ConsentType is not ConsentTypes.Implicit ? "DoneWithdrawn" : "DoneSignedOutOfApp");
    }
}
