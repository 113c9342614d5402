using AuthServer.Data;
using AuthServer.Passwords;
using AuthServer.SecondFactors;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>The second half of making an account, by who has read the mail.</summary>
internal sealed class ActivateModel(
    AccountLinks links, IOptions<AccountOptions> options, AuthDbContext database, UserManager<User> users, PasswordGate gate, PasswordSignIn passwords, SignInThrottle throttle, KnownBrowsers known, SignInSteps steps, AskingBrowser browser, TimeProvider time)
    : MailedPage(browser)
{
    private const string AccountIsThere = "AccountIsThere";

    [BindProperty]
    public string? DisplayName { get; set; }

    // No parameter of the handler: MVC logs those.
    [BindProperty]
    public string? New { get; set; }

    public RegistrationLink? Link => options.Value.Registration ? links.Registration.Unprotect(Token) : null;

    /// <summary>Whether the link has done its work, or the account came to be in another way. Who has the link reads the account's mails.</summary>
    public bool IsThere { get; private set; }

    protected override BegunSignIn? Begun => Link?.Begun;

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

        // Before the hash, which is what it costs.
        if (await users.FindByEmailAsync(link.Email) is not null)
        {
            return await RepeatAsync(link, New);
        }

        using var place = await gate.EnterAsync(HttpContext.RequestAborted);
        if (place is null)
        {
            return RefuseBusy(gate.RetryAfter);
        }

        if (await CreateAsync(user, New) is { } problem)
        {
            return problem is AccountIsThere ? await RepeatAsync(link, New) : Refuse(problem, field: "new");
        }

        return LocalRedirect(await steps.FinishAsync(HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target, isFirst: true));
    }

    /// <summary>The link has done its work. The same form once more, with the password that was set, is answered as the first time.</summary>
    private async Task<IActionResult> RepeatAsync(RegistrationLink link, string password)
    {
        var result = await passwords.TryAsync(
            throttle.OfAddress(HttpContext.Connection.RemoteIpAddress), link.Email, password, known.Find(HttpContext), HttpContext.RequestAborted);
        if (result is { Outcome: PasswordOutcome.Passed, User: { } user })
        {
            return LocalRedirect(await steps.ContinueAsync(HttpContext, user, [AuthenticationMethodReferences.Password], isRemembered: false, Target));
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
            // Twice at once.
            database.ChangeTracker.Clear();
            return AccountIsThere;
        }
    }
}
