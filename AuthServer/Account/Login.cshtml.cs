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

/// <summary>The first step: who are you? Unknown, wrong, locked and disabled read the same and take as long.</summary>
internal sealed class LoginModel(
    PasswordSignIn passwords,
    PasskeySignIn passkeys,
    SignInThrottle throttle,
    SignInSteps steps,
    KnownBrowsers known,
    IOptions<MailOptions> mail,
    IOptions<AccountOptions> account) : AccountPage
{
    /// <summary>For a page that asks for a sign-in that is not old.</summary>
    public const string AgainParameter = "again";

    [BindProperty]
    public string UserName { get; set; } = "";

    // No parameter of the handler: MVC logs those.
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>What the script has got from the browser, in place of a user name and a password.</summary>
    [BindProperty]
    public string? Passkey { get; set; }

    [BindProperty]
    public bool IsRemembered { get; set; }

    /// <summary>Null where there is no mail.</summary>
    public string? ForgotAddress => mail.Value.IsOn ? QueryHelpers.AddQueryString("/account/forgot", BrowserCookie.ReturnUrl, Target) : null;

    /// <summary>Null where people do not make accounts themselves.</summary>
    public string? RegisterAddress =>
        account.Value.Registration ? QueryHelpers.AddQueryString("/account/register", BrowserCookie.ReturnUrl, Target) : null;

    /// <summary>Back to the app, which is told that the person does not want to; null where there is none.</summary>
    public string? CancelAddress => App is null ? null : QueryHelpers.AddQueryString(Target, ProtocolNames.DeniedParameter, "1");

    public bool IsAgain => Request.Query.ContainsKey(AgainParameter);

    public bool IsPasskeyNeeded => Request.Query.ContainsKey(Means.PasskeyParameter);

    public IActionResult OnGet([FromQuery(Name = Parameters.LoginHint)] string? hint)
    {
        UserName = hint is { Length: <= 256 } ? hint : "";
        return Page();
    }

    /// <summary>For the script: what the browser is to find.</summary>
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

        var result = await passwords.TryAsync(throttle.OfAddress(HttpContext.Connection.RemoteIpAddress), UserName, Password, known.Find(HttpContext), cancellationToken);
        return result is { Outcome: PasswordOutcome.Passed, User: { } user }
            ? LocalRedirect(await steps.ContinueAsync(HttpContext, user, [AuthenticationMethodReferences.Password], IsRemembered, Target))
            : Refuse(result, "WrongCredentials");
    }

    private async Task<IActionResult> SignInByPasskeyAsync(string credential) => await passkeys.TryAsync(HttpContext, credential) switch
    {
        { Outcome: PasskeyOutcome.Passed, User: { } user } => LocalRedirect(await steps.ContinueAsync(
            HttpContext, user, [AuthenticationLevel.ProofOfPossession, AuthenticationLevel.UserPresence, AuthenticationLevel.SeveralFactors], IsRemembered, Target)),
        { Outcome: PasskeyOutcome.Throttled, RetryAfter: var wait } => RefuseThrottled(wait),
        _ => Refuse("PasskeyRefused"),
    };
}
