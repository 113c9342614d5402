using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account.Manage;

/// <summary>Changes the password. All other sessions of the account end.</summary>
internal sealed class PasswordModel(
    PasswordSignIn passwords,
    KnownBrowsers known,
    PasswordHashLimit gate,
    SignInThrottle throttle,
    UserManager<User> users,
    BrowserSessions browsers)
    : ManagePage
{
    // Properties and not parameters of the handler: MVC logs parameters.
    [BindProperty]
    public string? Current { get; set; }

    [BindProperty]
    public string? New { get; set; }

    protected override bool NeedsSecondFactor => true;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Current))
        {
            return Refuse("CurrentPasswordMissing", field: "current");
        }

        if (string.IsNullOrEmpty(New))
        {
            return Refuse("NewPasswordMissing", field: "new");
        }

        var source = throttle.OfAddress(HttpContext.RemoteAddress());
        var result = await passwords.TryAsync(source, Person.UserName!, Current, known.Find(HttpContext), cancellationToken);
        if (result.Outcome is not PasswordOutcome.Passed)
        {
            return Refuse(result, "WrongPassword", "current");
        }

        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
        {
            return RefuseBusy(gate.RetryAfter);
        }

        var user = (await users.FindByIdAsync(Person.Id.ToString()))!;
        var change = await users.ChangePasswordAsync(user, Current, New);
        if (!change.Succeeded)
        {
            return Refuse(IdentityProblem.Of(change), field: "new");
        }

        await browsers.EndOtherSessionsAsync(Present, user, cancellationToken);
        return Finish("DonePasswordChanged");
    }
}
