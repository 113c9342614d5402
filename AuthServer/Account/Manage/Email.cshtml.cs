using AuthServer.Mail;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthServer.Account.Manage;

/// <summary>Changes the email address: the old address has to agree, then the new one is confirmed.</summary>
internal sealed class EmailModel(
    AccountMails mails, MailThrottle throttle, PendingEmails pending, UserManager<User> users, IOptions<MailOptions> mail) : ManagePage
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Action { get; set; }

    /// <summary>A change whose mailed links have not all been followed yet.</summary>
    public PendingEmail? Pending { get; private set; }

    public bool IsOn => mail.Value.IsOn;

    protected override bool NeedsFreshSignIn => true;

    public async Task OnGetAsync() => Pending = await pending.FindAsync(Person);

    public async Task<IActionResult> OnPostAsync()
    {
        var user = (await users.FindByIdAsync(Person.Id.ToString()))!;
        if (Action is "cancel")
        {
            await pending.RemoveAsync(user);
            return Finish("DoneEmailTakenBack");
        }

        await OnGetAsync();
        if (!IsOn || EmailAddress.Clean(Email) is not { } address || !EmailAddress.IsPublic(address))
        {
            return Refuse("EmailNotUsable");
        }

        if (!throttle.TryVisit(HttpContext.RemoteAddress(), out var retryAfter)
            || !throttle.TryMail(MailKind.EmailChange, Person.EmailConfirmed ? Person.Email! : address, out retryAfter))
        {
            return RefuseThrottled(retryAfter);
        }

        await pending.SetAsync(user, address);

        // An address that was never confirmed may belong to anybody, so it is not asked.
        await (Person.EmailConfirmed
            ? mails.ApproveEmailChangeAsync(HttpContext, Person, address)
            : mails.ConfirmEmailChangeAsync(HttpContext, Person, address));
        return Finish(Person.EmailConfirmed ? "DoneEmailAsked" : "DoneEmailSent");
    }
}
