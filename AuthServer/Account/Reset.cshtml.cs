using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using AuthServer.Passkeys;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>The reader of the mail sets another password. The link works once. A second factor is still asked for.</summary>
internal sealed class ResetModel(
    AccountLinks links,
    AuthDbContext database,
    UserManager<User> users,
    PasswordHashLimit gate,
    PasswordSignIn passwords,
    PasskeyRegistration passkeys,
    SignInThrottle throttle,
    KnownBrowsers known,
    Lockout lockout,
    SessionEnd sessions,
    SignInSteps steps,
    RequestingBrowser browser) : MailedPage(browser)
{
    // A property and not a parameter of the handler: MVC logs parameters.
    [BindProperty]
    public string? New { get; set; }

    /// <summary>True to remove the account's passkeys, too. A new password alone keeps them.</summary>
    [BindProperty]
    public bool RemovePasskeys { get; set; }

    public IReadOnlyList<UserPasskeyInfo> Passkeys { get; private set; } = [];

    public User? Person { get; private set; }

    protected override ReturnTarget? Begun => links.Reset.Unprotect(Token)?.Begun;

    public async Task OnGetAsync()
    {
        Person = await FindAsync();
        Passkeys = Person is null ? [] : await passkeys.ListAsync(Person.Id);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Person = await FindAsync();
        if (Person is not { } user)
        {
            return await RepeatAsync();
        }

        if (string.IsNullOrEmpty(New))
        {
            return Refuse("NewPasswordMissing", field: "new");
        }

        Passkeys = await passkeys.ListAsync(user.Id);
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, New);
            if (!result.Succeeded)
            {
                return Refuse(IdentityProblem.Of(result), field: "new");
            }
        }

        using var place = await gate.EnterAsync(HttpContext.RequestAborted);
        if (place is null)
        {
            return RefuseBusy(gate.RetryAfter);
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, New);

        // The owner of the link acts, even if somebody else is signed in in this browser.
        database.Actor?.IsUnknown();

        // The reader of the mail owns the address.
        user.EmailConfirmed = true;
        user.SecurityStamp = StampOf(Token!);
        if (!(await users.UpdateAsync(user)).Succeeded)
        {
            // A concurrent request has used the link.
            Person = null;
            database.ChangeTracker.Clear();
            return await RepeatAsync();
        }

        // If the account has a second factor, the mail alone does not remove passkeys: they are removed after the code.
        var removes = RemovePasskeys && Passkeys.Count > 0;
        if (removes && !user.TwoFactorEnabled)
        {
            await passkeys.RemoveAllAsync(user.Id);
        }

        // The owner, whom wrong attempts may have locked out, can sign in again.
        await lockout.ForgetAsync(user, CancellationToken.None);
        await sessions.EndOfUserAsync(user.Id, SessionEndReasons.CredentialsChanged, CancellationToken.None);
        return LocalRedirect(
            await steps.ContinueAsync(HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target, removes));
    }

    /// <summary>
    /// Answers a form that is sent again: if this link has set the password that the form brings, the person is signed in.
    /// </summary>
    private async Task<IActionResult> RepeatAsync()
    {
        var done = links.Reset.Unprotect(Token) is { } link
            ? await users.Users.AsNoTracking().SingleOrDefaultAsync(
                row => row.Id == link.User && row.SecurityStamp == StampOf(Token!), HttpContext.RequestAborted)
            : null;
        return done is not null && !string.IsNullOrEmpty(New)
            && await passwords.TryAsync(
                throttle.OfAddress(HttpContext.RemoteAddress()), done.UserName!, New, known.Find(HttpContext), HttpContext.RequestAborted)
                is { Outcome: PasswordOutcome.Passed, User: { } user }
                    ? LocalRedirect(await steps.ContinueAsync(
                        HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target))
                    : Page();
    }

    // Derived from the link, so that the stamp shows which link has set the password. Without the mail it cannot be guessed.
    private static string StampOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private async Task<User?> FindAsync() =>
        links.Reset.Unprotect(Token) is { } link
            && await users.FindByIdAsync(link.User.ToString()) is { } user
            && AccountLinks.IsOf(link, user)
            ? user
            : null;
}
