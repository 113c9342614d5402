using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>Names and addresses of accounts, however they come to be: <see cref="UserNames"/>, <see cref="EmailAddress"/> and <see cref="Scripts"/> have the rules.</summary>
internal sealed class UserNameValidator : IUserValidator<User>
{
    public const string ForeignEmail = "UserNameIsForeignEmail";
    public const string MixedScripts = "UserNameMixesScripts";

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) => Task.FromResult(
        EmailAddress.Clean(user.Email) is null
            ? Refuse(nameof(IdentityErrorDescriber.InvalidEmail), $"'{user.Email}' is no e-mail address.")
        : UserNames.Clean(user.UserName) is not { } name
            ? Refuse(nameof(IdentityErrorDescriber.InvalidUserName), $"'{user.UserName}' cannot be a user name: it may have letters, digits and _ - . + ' or be the user's e-mail address.")
        : name.Contains('@', StringComparison.Ordinal)
            ? manager.NormalizeName(name) == manager.NormalizeEmail(user.Email)
                ? IdentityResult.Success

                // Both are names to sign in with.
                : Refuse(ForeignEmail, $"User name '{name}' contains '@' and is not the user's own e-mail address.")
        : Scripts.AreMixed(name)
            ? Refuse(MixedScripts, $"User name '{name}' mixes letters of several scripts, which look alike.")
        : IdentityResult.Success);

    private static IdentityResult Refuse(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
