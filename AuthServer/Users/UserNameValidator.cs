using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>A user name may look like an address only when it is the person's own: both are names to sign in with.</summary>
internal sealed class UserNameValidator : IUserValidator<User>
{
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) => Task.FromResult(
        user.UserName?.Contains('@', StringComparison.Ordinal) is true
        && manager.NormalizeName(user.UserName) != manager.NormalizeEmail(user.Email)
            ? IdentityResult.Failed(new IdentityError
            {
                Code = "UserNameIsForeignEmail",
                Description = $"User name '{user.UserName}' contains '@' and is not the user's own e-mail address.",
            })
            : IdentityResult.Success);
}
