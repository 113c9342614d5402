using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Consent;

/// <summary>Asks the person whether an app may have the scopes that it requests. Consent is remembered, a refusal is not.</summary>
internal sealed class IndexModel(Consents consents, RequestMarks marks, ClientCache clients, ScopeTexts scopes, AuthDbContext database)
    : AccountPage
{
    [BindProperty(SupportsGet = true, Name = ConsentRequest.Parameter)]
    public string? Asked { get; set; }

    [BindProperty]
    public string? Answer { get; set; }

    public PageApp Asking { get; private set; } = null!;

    public string Person { get; private set; } = "";

    /// <summary>The requested scopes in plain words.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not var (present, request, client, policy))
        {
            return LocalRedirect(Target);
        }

        Asking = PageApps.Of(client, policy);
        Person = present.User.DisplayName ?? present.User.UserName!;
        Lines = await scopes.DescribeAsync(request.Scopes, cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not var (present, request, client, _))
        {
            return LocalRedirect(Target);
        }

        var steps = RequestSteps.Of(HttpContext);
        if (Answer is not "yes")
        {
            steps.Add(SupportSteps.ConsentDenied, user: present.User.Id, session: present.Session.Id);
            return LocalRedirect(QueryHelpers.AddQueryString(Target, ProtocolNames.DeniedParameter, "1"));
        }

        await consents.GiveAsync(present.User.Id, client, request.Scopes, cancellationToken);
        steps.Add(
            SupportSteps.ConsentGiven, details: string.Join(' ', request.Scopes), user: present.User.Id, session: present.Session.Id);
        return LocalRedirect(marks.Add(Target, present.Session.Id, mark => mark with { IsConsented = true }));
    }

    /// <returns>Null if another person was asked or the request does not fit: the authorize endpoint then decides again.</returns>
    private async Task<(BrowserSession Present, ConsentRequest Request, Client Client, ClientPolicy Policy)?> FindAsync(
        CancellationToken cancellationToken) =>
        consents.Unprotect(Asked) is { } request
        && App?.Id == request.ClientId
        && await BrowserSessions.FindAsync(HttpContext) is { } present
        && present.User.Id == request.User
        && await clients.FindAsync(database, request.ClientId, cancellationToken) is var (client, policy)
            ? (present, request, client, policy)
            : null;
}
