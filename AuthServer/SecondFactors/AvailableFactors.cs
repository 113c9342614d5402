using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.SecondFactors;

/// <summary>The methods that a user could show, for a client that asks for more than the session has shown.</summary>
internal sealed class AvailableFactors(AuthDbContext context)
{
    /// <summary>Tells the login page that the sign-in must be with a passkey.</summary>
    public const string PasskeyParameter = "needs_passkey";
    private static readonly string PasskeyPath = BrowserCookie.SignInPath + "?" + PasskeyParameter + "=1";

    /// <returns>The methods that the session has shown, and those that the user could show, in the terms of RFC 8176.</returns>
    public async Task<IReadOnlyList<string>> OfAsync(BrowserSession present, CancellationToken cancellationToken)
    {
        var methods = new List<string>(present.Methods);
        if (present.User.TwoFactorEnabled)
        {
            methods.AddRange([AuthenticationMethodReferences.Password, AuthenticationLevel.OneTimePassword]);
        }

        if (await HasPasskeyAsync(present, cancellationToken))
        {
            methods.Add(AuthenticationLevel.ProofOfPossession);
        }

        return methods;
    }

    /// <summary>The page where the person shows it: the code page if a code is enough, otherwise the sign-in with a passkey.</summary>
    public async Task<string> PathToAsync(BrowserSession present, IEnumerable<string> asked, CancellationToken cancellationToken) =>
        present.User.TwoFactorEnabled && AuthenticationLevel.Satisfies([AuthenticationLevel.OneTimePassword], asked) ? Paths.Code
        : await HasPasskeyAsync(present, cancellationToken) ? PasskeyPath
        : throw new InvalidOperationException("The user has no factor that the client asks for. The caller must check this first.");

    /// <summary>
    /// For actions that add or remove a factor, or change how the account is recovered: a password alone must not undo the other factors
    /// (NIST SP 800-63B 4.1.2.1).
    /// </summary>
    /// <returns>The page where the second factor is shown; null if the session has shown one, or the account has none.</returns>
    public async Task<string?> PathToSecondFactorAsync(BrowserSession present, CancellationToken cancellationToken) =>
        HasShownSecondFactor(present) ? null
        : present.User.TwoFactorEnabled ? Paths.Code
        : await HasPasskeyAsync(present, cancellationToken) ? PasskeyPath
        : null;

    public static bool HasShownSecondFactor(BrowserSession present) =>
        present.Methods.Intersect([AuthenticationLevel.OneTimePassword, AuthenticationLevel.ProofOfPossession]).Any();

    private Task<bool> HasPasskeyAsync(BrowserSession present, CancellationToken cancellationToken) =>
        context.Set<IdentityUserPasskey<Guid>>().AnyAsync(passkey => passkey.UserId == present.User.Id, cancellationToken);
}
