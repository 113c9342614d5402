using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Pages;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>The start page of the account: all apps that have an address, and the pages that manage the account.</summary>
[UnderImpersonation]
internal sealed class AccountIndexModel(AuthDbContext database, IOptions<ConnectOptions> options) : ManagePage
{
    public static readonly IReadOnlyList<(string Page, string Title, string Text)> Pages =
    [
        ("password", "ChangePassword", "ChangePasswordText"),
        ("passkeys", "Passkeys", "PasskeysShort"),
        ("authenticator", "Authenticator", "AuthenticatorShort"),
        ("email", "ChangeEmail", "ChangeEmailText"),
        ("sessions", "Sessions", "SessionsText"),
        ("history", "AccountHistory", "AccountHistoryText"),
        ("apps", "ConnectedApps", "ConnectedAppsText"),
        ("data", "YourData", "YourDataText"),
    ];

    public IReadOnlyList<PageApp> Apps { get; private set; } = [];

    /// <summary>The app that sent the person, whose request cannot continue here: the page links to the app instead.</summary>
    protected override Task<PageApp?> FindAppAsync(PageApps apps) =>
        apps.FindAsync(Request.Query[Parameters.ClientId], HttpContext.RequestAborted);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var clients = await database.Set<Client>().AsNoTracking().Where(client => client.DisabledAt == null).ToListAsync(cancellationToken);
        Apps = [.. clients
            .Select(client => PageApps.Of(client, new ClientPolicy(client, options.Value)))
            .Where(app => app.Address is not null)
            .OrderBy(app => app.Name, StringComparer.CurrentCulture)];
        PagePolicy.AllowImages(Response, Apps.Select(app => app.Logo));
    }
}
