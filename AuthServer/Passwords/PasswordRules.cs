using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Passwords;

/// <summary>
/// NIST SP 800-63B 3.1.1.2: a minimum length (Identity's <c>RequiredLength</c>) and no composition rules. Refuses passwords that contain
/// the account's name or address, and passwords that are close to words of the site or to common passwords: <c>zxcvbn</c> has the lists and
/// recognizes the usual variations. Also refuses passwords that are known from breaches.
/// </summary>
internal sealed class PasswordRules(SiteWords words, BreachedPasswords breached) : IPasswordValidator<User>
{
    /// <summary>The minimum, in characters.</summary>
    public const int Shortest = 12;

    private const int ShortestName = 4;

    // A score of zxcvbn: the password is guessed within a million attempts.
    private const int Common = 1;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Judge(password, user) is { Error: { } error } ? IdentityResult.Failed(error) : IdentityResult.Success);

    /// <summary>Rates a password from 0, which is refused, to 4, which cannot be guessed.</summary>
    /// <param name="user">The account that the password is for, as far as it is known.</param>
    /// <returns>The score, and why the password is refused: a code of Identity, or null.</returns>
    public (int Score, string? Refusal) StrengthOf(string password, User user)
    {
        if (password.Length < Shortest)
        {
            return (0, nameof(IdentityErrorDescriber.PasswordTooShort));
        }

        var (score, error) = Judge(password, user);
        return (score, error?.Code);
    }

    private (int Score, IdentityError? Error) Judge(string? password, User user)
    {
        if (password is null || PasswordHasher.Normalize(password) is null)
        {
            return Refuse("PasswordTooLong", $"Passwords must be text of at most {PasswordHasher.MostCharacters} characters.");
        }

        if (ContainsName(password, user))
        {
            return Refuse("PasswordContainsName", "Passwords must not contain the user name or email address.");
        }

        var score = ScoreOf(password, user, words.All);
        return score <= Common ? Refuse("PasswordTooCommon", "Passwords must not be common, or close to a common one.")
            : breached.Contains(password) ? Refuse("PasswordBreached", "Passwords must not be known from breaches of other sites.")
            : (score, null);
    }

    private static int ScoreOf(string password, User user, IReadOnlyList<string> words) =>
        Zxcvbn.Zxcvbn.MatchPassword(password.Length <= MostLookedAt ? password : password[..MostLookedAt], Names(user).Concat(words)).Score;

    // The time of zxcvbn grows with the square of the length, and longer text is in no list.
    private const int MostLookedAt = 100;

    private static bool ContainsName(string password, User user) =>
        Names(user).Any(name => password.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(User user) =>
        new[] { user.UserName, user.Email, user.Email?.Split('@')[0] }.OfType<string>().Where(name => name.Length >= ShortestName);

    private static (int Score, IdentityError? Error) Refuse(string code, string description) =>
        (0, new IdentityError { Code = code, Description = description });
}
