using AuthServer.Mail;
using AuthServer.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthServer.Account.Manage;

/// <summary>Another e-mail address: agreed to at the old one, then confirmed at the new one.</summary>
internal sealed class EmailModel(AccountMails mails, MailThrottle throttle, IOptions<MailOptions> mail) : ManagePage
{
    [BindProperty]
    public string? Email { get; set; }

    public bool IsOn => mail.Value.IsOn;

    protected override bool NeedsFreshSignIn => true;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!IsOn || EmailAddress.Clean(Email) is not { } address || !EmailAddress.IsPublic(address))
        {
            return Refuse("EmailNotUsable");
        }

        if (!throttle.TryVisit(HttpContext.Connection.RemoteIpAddress, out var retryAfter) || !throttle.TryMail(MailKind.EmailChange, Person.EmailConfirmed ? Person.Email! : address))
        {
            return RefuseThrottled(retryAfter);
        }

        // An address that was never confirmed may be anybody's: it has no say.
        await (Person.EmailConfirmed ? mails.ApproveEmailChangeAsync(HttpContext, Person, address) : mails.ConfirmEmailChangeAsync(HttpContext, Person, address));
        return Finish(Person.EmailConfirmed ? "DoneEmailAsked" : "DoneEmailSent");
    }
}
