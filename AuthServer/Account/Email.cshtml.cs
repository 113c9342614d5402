using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account;

/// <summary>Where the links lead that change an e-mail address: from the old one, then from the new one.</summary>
internal sealed class EmailLinkModel(
    AccountLinks links, PendingEmails pending, UserManager<User> users, AccountMails mails, MailThrottle throttle, BrowserSessions browsers, SessionEnd sessions) : AccountPage
{
    private User? user;

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty]
    public string? Action { get; set; }

    public EmailLink? Link { get; private set; }

    /// <summary>What has been done, as a key of <see cref="Texts"/>.</summary>
    public string? Notice { get; private set; }

    public Task OnGetAsync() => FindAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await FindAsync();
        if (Link is null)
        {
            return Page();
        }

        if (Action is "refuse")
        {
            await pending.RemoveAsync(user!);
            Notice = "DoneEmailRefused";
        }
        else if (!Link.IsApproved)
        {
            if (!throttle.TryVisit(HttpContext.Connection.RemoteIpAddress, out var retryAfter) || !throttle.TryMail(MailKind.EmailChange, Link.NewEmail, out retryAfter))
            {
                return RefuseThrottled(retryAfter);
            }

            // Its links from now on.
            await pending.SetAsync(user!, Link.NewEmail);
            await mails.ConfirmEmailChangeAsync(HttpContext, user!, Link.NewEmail);
            Notice = "DoneEmailSent";
        }
        else if (await ChangeAsync(user!, Link.NewEmail))
        {
            await mails.TellAsync(HttpContext, user!, AccountEventKind.EmailChanged, Link.OldEmail);
            Notice = "DoneEmailChanged";
        }
        else
        {
            Link = null;
        }

        return Page();
    }

    private async Task FindAsync()
    {
        if (links.Email.Unprotect(Token) is { } link && await users.FindByIdAsync(link.User.ToString()) is { } found && AccountLinks.IsOf(link, found)
            && (await pending.FindAsync(found))?.Address == link.NewEmail)
        {
            (Link, user) = (link, found);
        }
    }

    private async Task<bool> ChangeAsync(User person, string address)
    {
        // Who signs in with the address goes on doing so.
        if (string.Equals(person.UserName, person.Email, StringComparison.OrdinalIgnoreCase))
        {
            person.UserName = address;
        }

        (person.Email, person.EmailConfirmed) = (address, true);
        var present = await BrowserSessions.FindAsync(HttpContext);
        try
        {
            // With another stamp: no link of before works any more, also when the old address comes back.
            if (!(await users.UpdateSecurityStampAsync(person)).Succeeded)
            {
                return false;
            }
        }
        catch (DbUpdateException)
        {
            // It has become somebody else's meanwhile.
            return false;
        }

        await pending.RemoveAsync(person);
        if (present?.User.Id == person.Id)
        {
            await browsers.KeepOnlyAsync(present, person, CancellationToken.None);
        }
        else
        {
            await sessions.EndOfUserAsync(person.Id, SessionEndReasons.CredentialsChanged, CancellationToken.None);
        }

        return true;
    }
}
