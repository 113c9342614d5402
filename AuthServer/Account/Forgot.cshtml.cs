using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SupportCodes;
using AuthServer.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>Mails a link that resets a forgotten password. Neither the answer nor its duration tells whether the account exists.</summary>
internal sealed class ForgotModel(
    UserLookup lookup, AccountMails mails, MailThrottle throttle, RequestingBrowser browser, IOptions<MailOptions> mail)
    : AccountPage
{
    [BindProperty]
    public string? UserName { get; set; }

    public bool IsSent { get; private set; }

    protected override IActionResult? LeaveRequest() => GoOnWithoutRequest();

    public IActionResult OnGet() => mail.Value.IsOn ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var name = UserName?.Trim() ?? "";
        if (!mail.Value.IsOn)
        {
            return NotFound();
        }

        if (name.Length is 0 or > UserLookup.LongestName)
        {
            return Refuse("UserNameMissing");
        }

        if (!throttle.TryVisit(HttpContext.RemoteAddress(), out var retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        var begun = browser.Begin(HttpContext, AppTarget);
        await UniformDuration.RunAsync(async () =>
        {
            var user = await lookup.FindAsync(name, cancellationToken);
            if (ReasonAgainstMail(user) is { } reason)
            {
                RequestSteps.Of(HttpContext).Add(SupportSteps.MailOmitted, reason, user: user?.Id);
                return;
            }

            await mails.ResetPasswordAsync(HttpContext, user!, begun);
        });
        IsSent = true;
        return Page();
    }

    private string? ReasonAgainstMail(User? user) => user switch
    {
        null => SupportReasons.UnknownAccount,
        { DisabledAt: not null } => SupportReasons.Disabled,
        { Email: null } => SupportReasons.NoAddress,
        { Email: { } address } => throttle.TryMail(MailKind.ResetPassword, address) ? null : SupportReasons.Throttled,
    };
}
