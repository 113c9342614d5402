using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.SecondFactors;

/// <summary>What a person could show, when a client asks for more than was shown.</summary>
internal sealed class Means(AuthDbContext context)
{
    /// <summary>For a sign-in that must be by a passkey: the page says so.</summary>
    public const string PasskeyParameter = "needs_passkey";
    private const string PasskeyPath = BrowserCookie.SignInPath + "?" + PasskeyParameter + "=1";

    /// <returns>As RFC 8176 names it.</returns>
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

    /// <summary>The page where it is shown: the code where that is enough, or else the sign-in with a passkey.</summary>
    public async Task<string> PathToAsync(BrowserSession present, IEnumerable<string> asked, CancellationToken cancellationToken) =>
        present.User.TwoFactorEnabled && AuthenticationLevel.Satisfies([AuthenticationLevel.OneTimePassword], asked) ? Paths.Code
        : await HasPasskeyAsync(present, cancellationToken) ? PasskeyPath
        : throw new InvalidOperationException("Nobody may be sent on whose means are not enough.");

    /// <summary>
    /// For what binds or takes away a factor, or changes how the account is got back: a password alone must not undo what is there
    /// besides it (NIST SP 800-63B 4.1.2.1).
    /// </summary>
    /// <returns>The page where the second factor is shown; null where the session has shown one, or the account has none.</returns>
    public async Task<string?> PathToSecondAsync(BrowserSession present, CancellationToken cancellationToken) =>
        HasShownSecond(present) ? null
        : present.User.TwoFactorEnabled ? Paths.Code
        : await HasPasskeyAsync(present, cancellationToken) ? PasskeyPath
        : null;

    public static bool HasShownSecond(BrowserSession present) =>
        present.Methods.Intersect([AuthenticationLevel.OneTimePassword, AuthenticationLevel.ProofOfPossession]).Any();

    private Task<bool> HasPasskeyAsync(BrowserSession present, CancellationToken cancellationToken) =>
        context.Set<IdentityUserPasskey<Guid>>().AnyAsync(passkey => passkey.UserId == present.User.Id, cancellationToken);
}
