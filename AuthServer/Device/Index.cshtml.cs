using System.Security.Claims;
using AuthServer.Account;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Device;

/// <summary>
/// The end-user verification of RFC 8628 3.3, after OpenIddict has looked up the code. The person decides whether the device that shows
/// this code may act for them. The device gets a session of its own, which outlives the browser's.
/// </summary>
internal sealed class IndexModel(
    ClientCache clients,
    AuthDbContext database,
    ScopeTexts scopes,
    TokenPrincipal principals,
    AuthorizationWriter authorizations,
    DeviceThrottle throttle,
    AnsweredCodes answered,
    Notices notices,
    SecurityEvents events,
    TimeProvider time) : AccountPage
{
    private const string Connected = "DeviceConnected";
    private const string Denied = "DeviceDenied";

    private static readonly TimeSpan PollAgain = TimeSpan.FromMinutes(1);

    private static readonly string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    [BindProperty]
    public string? Answer { get; set; }

    public string? UserCode => HttpContext.GetOpenIddictServerRequest()?.UserCode;

    public PageApp? Asking { get; private set; }

    /// <summary>The address and user agent of the device, as far as they are known.</summary>
    public RequestSource From { get; private set; } = new(null, null);

    public string Person => Present.User.DisplayName ?? Present.User.UserName!;

    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>The outcome of the answer, as a key of <see cref="Texts"/>.</summary>
    public string? Outcome { get; private set; }

    public bool IsConnected => Outcome is Connected;

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

        if (await FindAsync(cancellationToken) is not var (_, code, client, policy, granted))
        {
            Outcome = await OutcomeAsync(cancellationToken);
            return Outcome is null ? RefuseCode() : Page();
        }

        throttle.GiveBack(Present.User.Id);
        (Asking, From) = (PageApps.Of(client, policy), RecordDeviceSource.SourceOf(code));
        Lines = await scopes.DescribeAsync([.. granted], cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!throttle.TryAsk(Present.User.Id, out var retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        if (await FindAsync(cancellationToken) is not var (request, code, client, policy, granted))
        {
            return await OutcomeAsync(cancellationToken) is { } known ? LocalRedirect(Ending(known).RedirectUri!) : RefuseCode();
        }

        throttle.GiveBack(Present.User.Id);
        var isAllowed = Answer is "yes";
        var principal = isAllowed
            ? (await principals.ForUserAsync(Present.SignIn, request, [.. granted], RequestedClaims.None, cancellationToken)).Principal
            : null;
        if (isAllowed && principal is null)
        {
            return RefuseCode();
        }

        // A concurrent request with the same answer is carrying it out.
        if (!await answered.TryAnswerAsync(Present.User.Id, UserCode!, isAllowed, cancellationToken))
        {
            return LocalRedirect(Ending(isAllowed ? Connected : Denied).RedirectUri!);
        }

        if (principal is not null)
        {
            return await LetInAsync(principal, code, client, policy, granted, cancellationToken);
        }

        database.Record(Answered(AuditActions.DeviceRefused, client));
        await database.SaveChangesAsync(cancellationToken);
        return Forbid(Ending(Denied), Scheme);
    }

    private AuditFact Answered(string action, Client client) =>
        new(action, AuditTarget.User(Present.User.Id)) { Changes = AuditFact.Set("client", client.ClientId) };

    private async Task<IActionResult> LetInAsync(
        ClaimsPrincipal principal, ClaimsPrincipal code, Client client, ClientPolicy policy, IEnumerable<string> granted,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // The session shows the device's own address and user agent, not those of the browser that approves it.
        var source = RecordDeviceSource.SourceOf(code);
        var session = Session.Begin(Present.SignIn, source, now + policy.RefreshLifetime, isOnNewDevice: true);
        database.Add(session);
        var authorization = authorizations.Prepare(session.Id, Present.SignIn, client, [.. granted], now);
        database.Record(Answered(AuditActions.DeviceApproved, client));
        await database.SaveChangesAsync(cancellationToken);
        await KeepDeviceCodeAsync(code, now, cancellationToken);
        TokenPrincipal.Attach(principal, session.Id, authorization.Id);
        var steps = RequestSteps.Of(HttpContext);
        principal.SetClaim(TokenPrincipal.SupportCodeClaim, steps.Code);
        steps.Add(SupportSteps.CodeIssued, user: Present.User.Id, session: session.Id, client: client.ClientId);
        return SignIn(principal, Ending(Connected), Scheme);
    }

    // Null unless this person's own answer has used the code a moment ago.
    private async Task<string?> OutcomeAsync(CancellationToken cancellationToken)
    {
        var isAllowed = UserCode is { Length: > 0 } code ? await answered.FindAsync(Present.User.Id, code, cancellationToken) : null;
        if (isAllowed is null)
        {
            return null;
        }

        throttle.GiveBack(Present.User.Id);
        return isAllowed is true ? Connected : Denied;
    }

    private AuthenticationProperties Ending(string outcome) =>
        new() { RedirectUri = QueryHelpers.AddQueryString(Paths.Device, Notices.Parameter, notices.Protect(outcome, Present.User.Id)) };

    private PageResult RefuseCode()
    {
        events.Refused(
            SecurityEventKinds.DeviceCodeRefused, RefusalCodes.WrongDeviceCode, "No device waits with this code.", Present.User.Id);
        return Refuse("WrongDeviceCode");
    }

    // A device code approved shortly before it expires is kept for one more minute, so that the device can poll again.
    private Task KeepDeviceCodeAsync(ClaimsPrincipal code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var end = (now + PollAgain).UtcDateTime;
        return Guid.TryParse(code.GetClaim(Claims.Private.DeviceCodeId), out var id)
            ? database.Set<Token>().Where(row => row.Id == id && row.ExpirationDate < end)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpirationDate, end), cancellationToken)
            : Task.CompletedTask;
    }

    private async Task<(
        OpenIddictRequest Request, ClaimsPrincipal Code, Client Client, ClientPolicy Policy, IEnumerable<string> Granted)?> FindAsync(
        CancellationToken cancellationToken)
    {
        var ticket = await HttpContext.AuthenticateAsync(Scheme);
        return ticket is { Succeeded: true, Principal: { } code }
            && code.GetClaim(Claims.ClientId) is { Length: > 0 } id
            && await clients.FindAsync(database, id, cancellationToken) is var (client, policy)
            && client.DisabledAt is null
                ? (HttpContext.GetOpenIddictServerRequest()!, code, client, policy, code.GetScopes().Where(policy.Grants))
                : null;
    }
}
