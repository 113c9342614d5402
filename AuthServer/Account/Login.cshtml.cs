using AuthServer.Mail;
using AuthServer.Pages;
using AuthServer.Passkeys;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Throttling;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>
/// The first step of sign-in: a password or a passkey. An unknown name, a wrong password, a locked and a disabled account get the same
/// answer after the same time.
/// </summary>
internal sealed class LoginModel(
    PasswordSignIn passwords,
    PasskeySignIn passkeys,
    SignInThrottle throttle,
    SignInSteps steps,
    KnownBrowsers known,
    IOptions<MailOptions> mail,
    IOptions<AccountOptions> account) : AccountPage
{
    /// <summary>Present if a page of the account requires a more recent sign-in.</summary>
    public const string AgainParameter = "again";

    [BindProperty]
    public string UserName { get; set; } = "";

    // A property and not a parameter of the handler: MVC logs parameters.
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>The passkey's response from the script, in place of user name and password.</summary>
    [BindProperty]
    public string? Passkey { get; set; }

    [BindProperty]
    public bool IsRemembered { get; set; }

    /// <summary>Null if mail is off.</summary>
    public string? ForgotAddress => mail.Value.IsOn ? QueryHelpers.AddQueryString(Paths.Forgot, BrowserCookie.ReturnUrl, Target) : null;

    /// <summary>Null if people cannot register themselves.</summary>
    public string? RegisterAddress =>
        account.Value.Registration ? QueryHelpers.AddQueryString(Paths.Register, BrowserCookie.ReturnUrl, Target) : null;

    /// <summary>Leads back to the app, which is told that the person declined; null if no app sent the person.</summary>
    public string? CancelAddress => App is null ? null : QueryHelpers.AddQueryString(Target, ProtocolNames.DeniedParameter, "1");

    public bool IsAgain => Request.Query.ContainsKey(AgainParameter);

    public bool IsPasskeyNeeded => Request.Query.ContainsKey(AvailableFactors.PasskeyParameter);

    public IActionResult OnGet([FromQuery(Name = Parameters.LoginHint)] string? hint)
    {
        UserName = hint is { Length: <= 256 } ? hint : "";
        return Page();
    }

    /// <summary>Gives the script the options of <c>navigator.credentials.get</c>.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() => Content(await passkeys.BeginAsync(HttpContext), "application/json");

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        UserName = UserName?.Trim() ?? "";
        if (!string.IsNullOrEmpty(Passkey))
        {
            return await SignInByPasskeyAsync(Passkey);
        }

        if (UserName.Length is 0 || string.IsNullOrEmpty(Password))
        {
            return Refuse("NothingTyped");
        }

        var source = throttle.OfAddress(HttpContext.RemoteAddress());
        var result = await passwords.TryAsync(source, UserName, Password, known.Find(HttpContext), cancellationToken);
        return result is { Outcome: PasswordOutcome.Passed, User: { } user }
            ? LocalRedirect(await steps.ContinueAsync(HttpContext, user, [AuthenticationMethodReferences.Password], IsRemembered, Target))
            : Refuse(result, "WrongCredentials");
    }

    private async Task<IActionResult> SignInByPasskeyAsync(string credential) => await passkeys.TryAsync(HttpContext, credential) switch
    {
        { Outcome: PasskeyOutcome.Passed, User: { } user } => LocalRedirect(await steps.ContinueAsync(
            HttpContext, user,
            [AuthenticationLevel.ProofOfPossession, AuthenticationLevel.UserPresence, AuthenticationLevel.SeveralFactors], IsRemembered,
            Target)),
        { Outcome: PasskeyOutcome.Throttled, RetryAfter: var wait } => RefuseThrottled(wait),
        _ => Refuse("PasskeyRefused"),
    };
}
