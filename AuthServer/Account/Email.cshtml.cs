using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account;

/// <summary>
/// Handles the two links that change an email address: first the one mailed to the old address, then the one to the new address.
/// </summary>
internal sealed class EmailLinkModel(
    AccountLinks links, PendingEmails pending, UserManager<User> users, AccountMails mails, MailThrottle throttle,
    BrowserSessions browsers, SessionEnd sessions, AuthDbContext database) : AccountPage
{
    private User? user;

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty]
    public string? Action { get; set; }

    public EmailLink? Link { get; private set; }

    /// <summary>The action that was done, as a key of <see cref="Texts"/>.</summary>
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
            if (!throttle.TryVisit(HttpContext.RemoteAddress(), out var retryAfter)
                || !throttle.TryMail(MailKind.EmailChange, Link.NewEmail, out retryAfter))
            {
                return RefuseThrottled(retryAfter);
            }

            // Renewed, so that the pending change lasts as long as the new link.
            await pending.SetAsync(user!, Link.NewEmail);
            await mails.ConfirmEmailChangeAsync(HttpContext, user!, Link.NewEmail);
            Notice = "DoneEmailSent";
        }
        else if (await ChangeAsync(user!, Link.NewEmail))
        {
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
        if (links.Email.Unprotect(Token) is { } link
            && await users.FindByIdAsync(link.User.ToString()) is { } found
            && AccountLinks.IsOf(link, found)
            && (await pending.FindAsync(found))?.Address == link.NewEmail)
        {
            (Link, user) = (link, found);
        }
    }

    private async Task<bool> ChangeAsync(User person, string address)
    {
        // If the user name is the old address, it becomes the new one: the person keeps signing in with the address.
        if (string.Equals(person.UserName, person.Email, StringComparison.OrdinalIgnoreCase))
        {
            person.UserName = address;
        }

        (person.Email, person.EmailConfirmed) = (address, true);
        var present = await BrowserSessions.FindAsync(HttpContext);
        if (present?.User.Id != person.Id)
        {
            // The owner of the link acts, even if somebody else is signed in in this browser.
            database.Actor?.IsUnknown();
        }

        try
        {
            // The new security stamp voids all earlier links, even if the old address comes back later.
            if (!(await users.UpdateSecurityStampAsync(person)).Succeeded)
            {
                return false;
            }
        }
        catch (DbUpdateException)
        {
            // Another account has taken the address meanwhile.
            return false;
        }

        await pending.RemoveAsync(person);
        if (present?.User.Id == person.Id)
        {
            await browsers.EndOtherSessionsAsync(present, person, CancellationToken.None);
        }
        else
        {
            await sessions.EndOfUserAsync(person.Id, SessionEndReasons.CredentialsChanged, CancellationToken.None);
        }

        return true;
    }
}
