using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Users;

/// <summary>
/// Validates names and addresses of accounts, however an account is made. <see cref="UserNames"/>, <see cref="EmailAddress"/>,
/// <see cref="Scripts"/> and <see cref="Confusables"/> have the rules.
/// </summary>
internal sealed class UserNameValidator(AuthDbContext context) : IUserValidator<User>
{
    public const string ForeignEmail = "UserNameIsForeignEmail";
    public const string MixedScripts = "UserNameMixesScripts";
    public const string LooksLikeAnother = "UserNameLooksLikeAnother";

    public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user)
    {
        if (EmailAddress.Clean(user.Email) is null)
        {
            return Refuse(nameof(IdentityErrorDescriber.InvalidEmail), $"'{user.Email}' is not an email address.");
        }

        if (UserNames.Clean(user.UserName) is not { } name)
        {
            return Refuse(
                nameof(IdentityErrorDescriber.InvalidUserName),
                $"'{user.UserName}' cannot be a user name: it may have letters, digits and _ - . + ' or be the user's email address.");
        }

        var isAddress = name.Contains('@', StringComparison.Ordinal);
        var comparable = manager.NormalizeName(name);
        if (isAddress && comparable != manager.NormalizeEmail(user.Email))
        {
            // People sign in with either, so a name must not be another person's address.
            return Refuse(ForeignEmail, $"User name '{name}' contains '@' and is not the user's own email address.");
        }

        // Each label of a domain is checked like a name, in its own letters: the ASCII form does not show what looks alike.
        var seen = isAddress ? EmailAddress.Readable(comparable) : comparable;
        if ((isAddress ? seen.Split('@', '.') : [name]).Any(Scripts.AreMixed))
        {
            return Refuse(MixedScripts, $"User name '{name}' mixes letters of several scripts, which can look alike.");
        }

        var skeleton = Confusables.SkeletonOf(seen);
        if (user.NameSkeleton != skeleton
            && await context.Users.AnyAsync(
                other => other.NameSkeleton == skeleton && other.NormalizedUserName != comparable && other.Id != user.Id))
        {
            return Refuse(LooksLikeAnother, $"User name '{name}' looks like that of another user.");
        }

        // Set here, because every name passes this validator before it is saved.
        user.NameSkeleton = skeleton;
        return IdentityResult.Success;
    }

    private static IdentityResult Refuse(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
