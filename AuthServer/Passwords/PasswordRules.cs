using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Passwords;

/// <summary>
/// NIST SP 800-63B 3.1.1.2: length and no composition rules (the minimum is Identity's <c>RequiredLength</c>), and nothing
/// that the account's own name gives away.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<User>
{
    private const int ShortestName = 4;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) => Task.FromResult(
        password is null || PasswordHasher.Normalize(password) is null
            ? Refuse("PasswordTooLong", $"Passwords must be text of at most {PasswordHasher.MostCharacters} characters.")
            : Names(user).Any(name => password.Contains(name, StringComparison.OrdinalIgnoreCase))
                ? Refuse("PasswordContainsName", "Passwords must not contain the user name or e-mail address.")
                : IdentityResult.Success);

    private static IEnumerable<string> Names(User user) =>
        new[] { user.UserName, user.Email, user.Email?.Split('@')[0] }.OfType<string>().Where(name => name.Length >= ShortestName);

    private static IdentityResult Refuse(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
