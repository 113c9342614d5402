using AuthServer.Data;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>The second half of registration: the reader of the mail creates the account.</summary>
internal sealed class ActivateModel(
    AccountLinks links,
    IOptions<AccountOptions> options,
    AuthDbContext database,
    UserManager<User> users,
    PasswordHashLimit gate,
    PasswordSignIn passwords,
    SignInThrottle throttle,
    KnownBrowsers known,
    SignInSteps steps,
    RequestingBrowser browser,
    TimeProvider time)
    : MailedPage(browser)
{
    private const string AccountIsThere = "AccountIsThere";

    [BindProperty]
    public string? DisplayName { get; set; }

    // A property and not a parameter of the handler: MVC logs parameters.
    [BindProperty]
    public string? New { get; set; }

    public RegistrationLink? Link => options.Value.Registration ? links.Registration.Unprotect(Token) : null;

    /// <summary>
    /// True if the account exists, through this link or otherwise. The page may say so: the holder of the link reads the account's mails.
    /// </summary>
    public bool IsThere { get; private set; }

    protected override ReturnTarget? Begun => Link?.Begun;

    public async Task OnGetAsync() => IsThere = Link is { } link && await users.FindByEmailAsync(link.Email) is not null;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Link is not { } link)
        {
            return Page();
        }

        var name = DisplayName?.Trim() ?? "";
        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            return Refuse("NameMissing", field: "displayName");
        }

        if (string.IsNullOrEmpty(New))
        {
            return Refuse("NewPasswordMissing", field: "new");
        }

        var user = new User
        {
            UserName = link.Email,
            Email = link.Email,
            EmailConfirmed = true,
            DisplayName = name,
            CreatedAt = time.GetUtcNow(),
        };

        // Checked before the password is hashed, which is the expensive step.
        if (await users.FindByEmailAsync(link.Email) is not null)
        {
            return await RepeatAsync(link, New);
        }

        using var place = await gate.EnterAsync(HttpContext.RequestAborted);
        if (place is null)
        {
            return RefuseBusy(gate.RetryAfter);
        }

        // The owner of the link acts, even if somebody else is signed in in this browser.
        database.Actor?.IsUnknown();
        if (await CreateAsync(user, New) is { } problem)
        {
            return problem is AccountIsThere ? await RepeatAsync(link, New) : Refuse(problem, field: "new");
        }

        return LocalRedirect(await steps.FinishAsync(
            HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target, isFirst: true));
    }

    /// <summary>
    /// The account exists. If the form is sent again with the password that was set, the person is signed in as the first time.
    /// </summary>
    private async Task<IActionResult> RepeatAsync(RegistrationLink link, string password)
    {
        var result = await passwords.TryAsync(
            throttle.OfAddress(HttpContext.RemoteAddress()), link.Email, password, known.Find(HttpContext), HttpContext.RequestAborted);
        if (result is { Outcome: PasswordOutcome.Passed, User: { } user })
        {
            return LocalRedirect(
                await steps.ContinueAsync(HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target));
        }

        IsThere = true;
        return Page();
    }

    private async Task<string?> CreateAsync(User user, string password)
    {
        try
        {
            var result = await users.CreateAsync(user, password);
            return result.Succeeded ? null
                : result.Errors.Any(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal)) ? AccountIsThere
                : IdentityProblem.Of(result);
        }
        catch (DbUpdateException)
        {
            // A concurrent request has created the account.
            database.ChangeTracker.Clear();
            return AccountIsThere;
        }
    }
}
