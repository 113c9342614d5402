using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SupportCodes;
using AuthServer.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>
/// The first half of registration: the address. Only the reader of the mail can create the account, so nobody can prepare one for
/// somebody else. If the account exists already, the mail says so and the page does not.
/// </summary>
internal sealed class RegisterModel(
    IOptions<AccountOptions> options, UserLookup lookup, AccountMails mails, MailThrottle throttle, RequestingBrowser browser) : AccountPage
{
    [BindProperty]
    public string? Email { get; set; }

    public string? SentTo { get; private set; }

    protected override IActionResult? LeaveRequest() => GoOnWithoutRequest();

    public IActionResult OnGet() => options.Value.Registration ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Registration)
        {
            return NotFound();
        }

        if (EmailAddress.Clean(Email) is not { } address || !EmailAddress.IsPublic(address))
        {
            return Refuse("EmailNotUsable");
        }

        if (!throttle.TryVisit(HttpContext.RemoteAddress(), out var retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        var begun = browser.Begin(HttpContext, AppTarget);
        await UniformDuration.RunAsync(async () =>
        {
            var user = await lookup.FindAsync(address, cancellationToken);
            if (!throttle.TryMail(MailKind.ConfirmEmail, address))
            {
                RequestSteps.Of(HttpContext).Add(SupportSteps.MailOmitted, SupportReasons.Throttled, user: user?.Id);
                return;
            }

            await (user is null ? mails.ConfirmEmailAsync(HttpContext, address, begun) : mails.AccountExistsAsync(HttpContext, user, App));
        });
        SentTo = address;
        return Page();
    }
}
