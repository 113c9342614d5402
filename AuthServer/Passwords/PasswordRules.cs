using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Passwords;

/// <summary>
/// NIST SP 800-63B 3.1.1.2: length and no composition rules (the minimum is Identity's <c>RequiredLength</c>), and nothing
/// that the account's own name or the site's gives away or that everybody tries first: <c>zxcvbn</c> has the lists of common ones, and sees
/// through what people do to them. Nor one that is known from breaches.
/// </summary>
internal sealed class PasswordRules(SiteWords words, BreachedPasswords breached) : IPasswordValidator<User>
{
    /// <summary>The minimum, in characters.</summary>
    public const int Shortest = 12;

    private const int ShortestName = 4;

    // A score of zxcvbn: guessed within a million attempts.
    private const int Common = 1;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) => Task.FromResult(
        password is null || PasswordHasher.Normalize(password) is null
            ? Refuse("PasswordTooLong", $"Passwords must be text of at most {PasswordHasher.MostCharacters} characters.")
            : ContainsName(password, user) ? Refuse("PasswordContainsName", "Passwords must not contain the user name or e-mail address.")
                : ScoreOf(password, user, words.All) <= Common ? Refuse("PasswordTooCommon", "Passwords must not be ones that many people use, or close to one.")
                : breached.Contains(password) ? Refuse("PasswordBreached", "Passwords must not be ones that are known from breaches of other sites.")
                : IdentityResult.Success);

    /// <summary>From 0, for one that is refused, to 4, which is not guessed.</summary>
    /// <param name="user">Whose it is to be, as far as is known.</param>
    public int StrengthOf(string password, User user) =>
        password.Length is < Shortest or > PasswordHasher.MostCharacters || ContainsName(password, user) || breached.Contains(password)
            || ScoreOf(password, user, words.All) is var score && score <= Common ? 0 : score;

    private static int ScoreOf(string password, User user, IReadOnlyList<string> words) =>
        Zxcvbn.Zxcvbn.MatchPassword(password.Length <= MostLookedAt ? password : password[..MostLookedAt], Names(user).Concat(words)).Score;

    // Its time grows with the square of the length, and what is longer is not in any list.
    private const int MostLookedAt = 100;

    private static bool ContainsName(string password, User user) => Names(user).Any(name => password.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(User user) =>
        new[] { user.UserName, user.Email, user.Email?.Split('@')[0] }.OfType<string>().Where(name => name.Length >= ShortestName);

    private static IdentityResult Refuse(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
