using AuthServer.Pages;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account;

/// <summary>
/// The link "This wasn’t me" of a mail. Opening it changes nothing, because programs that scan mails open links. The page shows what its
/// button does.
/// </summary>
internal sealed class NotMeModel(AccountRescue rescue, MailThrottle throttle) : AccountPage
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>Null if the link does not work.</summary>
    public RescuePlan? Plan { get; private set; }

    /// <summary>Null if nothing was done.</summary>
    public RescueOutcome? Outcome { get; private set; }

    /// <summary>The event of the link, as a key of <see cref="Texts"/>.</summary>
    public string Happened => SecurityNotices.TextOf(Plan!.Link.Action);

    public async Task OnGetAsync(CancellationToken cancellationToken) => Plan = await rescue.FindAsync(Token, cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await OnGetAsync(cancellationToken);
        if (Plan is not { Covered: null } plan)
        {
            return Page();
        }

        if (!throttle.TryVisit(HttpContext.RemoteAddress(), out var retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        var outcome = await rescue.RunAsync(HttpContext, plan);
        if (outcome is not RescueOutcome.ChangedMeanwhile)
        {
            Outcome = outcome;
            return Page();
        }

        // Perhaps by the same form, sent twice.
        await OnGetAsync(cancellationToken);
        return Plan is { Covered: null } ? Refuse("ChangedMeanwhile") : Page();
    }
}
