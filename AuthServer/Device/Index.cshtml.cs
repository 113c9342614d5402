using AuthServer.Account;
using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Connect.Refresh;
using AuthServer.Consent;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Device;

/// <summary>
/// The end-user verification of RFC 8628 3.3, behind OpenIddict, which has looked the code up: the person says whether
/// what shows this code may act for them. It gets a sign-in of its own, which outlives the browser's.
/// </summary>
internal sealed class IndexModel(
    ClientCache clients,
    AuthDbContext database,
    ScopeTexts scopes,
    TokenPrincipal principals,
    FamilyStart families,
    DeviceThrottle throttle,
    Notices notices,
    TimeProvider time) : AccountPage
{
    private static readonly string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    [BindProperty]
    public string? Answer { get; set; }

    public string? UserCode => HttpContext.GetOpenIddictServerRequest()?.UserCode;

    public PageApp? Asking { get; private set; }

    public string Person => Present.User.DisplayName ?? Present.User.UserName!;

    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>What has become of it, as a key of <see cref="Texts"/>.</summary>
    public string? Outcome { get; private set; }

    private BrowserSession Present => HttpContext.Features.Get<BrowserSession>()!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Outcome = notices.Read(Request, Present.User.Id);
        if (Outcome is not null || string.IsNullOrEmpty(UserCode))
        {
            return Page();
        }

        if (!throttle.TryAsk(Present.User.Id, out var retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        if (await FindAsync(cancellationToken) is not var (_, client, policy, granted))
        {
            return Refuse("WrongDeviceCode");
        }

        throttle.GiveBack(Present.User.Id);
        Asking = PageApps.Of(client, policy);
        Lines = await scopes.DescribeAsync([.. granted], cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!throttle.TryAsk(Present.User.Id, out var retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        if (await FindAsync(cancellationToken) is not var (request, client, policy, granted))
        {
            return Refuse("WrongDeviceCode");
        }

        throttle.GiveBack(Present.User.Id);
        if (Answer is not "yes")
        {
            return Forbid(Ending("DeviceDenied"), Scheme);
        }

        var now = time.GetUtcNow();
        var result = await principals.ForUserAsync(Present.SignIn, request, [.. granted], AskedClaims.None, cancellationToken);
        if (result.Principal is null)
        {
            return Refuse("WrongDeviceCode");
        }

        // Its own address and name are not known until it comes for its tokens: what approves it is another device.
        var session = Session.Begin(Present.SignIn, new Origin(null, null), now + policy.RefreshLifetime);
        database.Add(session);
        var authorization = families.Prepare(session.Id, Present.SignIn, client, [.. granted], now);
        await database.SaveChangesAsync(cancellationToken);
        TokenPrincipal.Attach(result.Principal, session.Id, authorization.Id);
        return SignIn(result.Principal, Ending("DeviceConnected"), Scheme);
    }

    private AuthenticationProperties Ending(string outcome) =>
        new() { RedirectUri = QueryHelpers.AddQueryString(Paths.Device, Notices.Parameter, notices.Protect(outcome, Present.User.Id)) };

    private async Task<(OpenIddictRequest Request, Client Client, ClientPolicy Policy, IEnumerable<string> Granted)?> FindAsync(CancellationToken cancellationToken)
    {
        var ticket = await HttpContext.AuthenticateAsync(Scheme);
        return ticket is { Succeeded: true, Principal: { } code }
            && code.GetClaim(Claims.ClientId) is { Length: > 0 } id
            && await clients.FindAsync(database, id, cancellationToken) is var (client, policy)
            && client.DisabledAt is null
                ? (HttpContext.GetOpenIddictServerRequest()!, client, policy, code.GetScopes().Where(policy.Grants))
                : null;
    }
}
