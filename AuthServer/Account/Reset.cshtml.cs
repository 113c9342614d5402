using AuthServer.Passwords;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>Another password, by who has read the mail. The link works once; a second factor is still asked for.</summary>
internal sealed class ResetModel(
    AccountLinks links, UserManager<User> users, PasswordGate gate, SessionEnd sessions, AccountMails mails, SignInSteps steps, AskingBrowser browser) : MailedPage(browser)
{
    // No parameter of the handler: MVC logs those.
    [BindProperty]
    public string? New { get; set; }

    public User? Person { get; private set; }

    protected override BegunSignIn? Begun => links.Reset.Unprotect(Token)?.Begun;

    public async Task OnGetAsync() => Person = await FindAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        Person = await FindAsync();
        if (Person is not { } user)
        {
            return Page();
        }

        if (string.IsNullOrEmpty(New))
        {
            return Refuse("NewPasswordMissing", field: "new");
        }

        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, New);
            if (!result.Succeeded)
            {
                return Refuse(PasswordProblem.Of(result), field: "new");
            }
        }

        using var place = await gate.EnterAsync(HttpContext.RequestAborted);
        if (place is null)
        {
            return RefuseBusy(gate.RetryAfter);
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, New);

        // Who reads the mail is its owner, and the one whom wrong attempts had locked out.
        user.EmailConfirmed = true;
        user.AccessFailedCount = 0;
        user.LockoutEnd = null;
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            // Twice at once: the other has used the link.
            Person = null;
            return Page();
        }

        await sessions.EndOfUserAsync(user.Id, SessionEndReasons.CredentialsChanged, CancellationToken.None);
        await mails.PasswordChangedAsync(HttpContext, user);
        return LocalRedirect(await steps.ContinueAsync(HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target));
    }

    private async Task<User?> FindAsync() =>
        links.Reset.Unprotect(Token) is { } link && await users.FindByIdAsync(link.User.ToString()) is { } user && AccountLinks.IsOf(link, user) ? user : null;
}
