using AuthServer.Pages;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Account;

/// <summary>Why an account could not be saved, as a key of <see cref="Texts"/>.</summary>
internal static class IdentityProblem
{
    public static string Of(IdentityResult result) => result.Errors.First().Code switch
    {
        nameof(IdentityErrorDescriber.PasswordTooShort) => "PasswordTooShort",
        "PasswordTooLong" => "PasswordTooLong",
        "PasswordContainsName" => "PasswordContainsName",
        "PasswordBreached" => "PasswordBreached",
        "PasswordTooCommon" => "PasswordTooCommon",
        nameof(IdentityErrorDescriber.PasswordMismatch) => "WrongPassword",
        nameof(IdentityErrorDescriber.InvalidEmail) => "EmailNotUsable",
        nameof(IdentityErrorDescriber.InvalidUserName) or UserNameValidator.ForeignEmail or UserNameValidator.MixedScripts =>
            "UserNameNotUsable",
        nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail)
            or UserNameValidator.LooksLikeAnother => "UserNameTaken",
        nameof(IdentityErrorDescriber.ConcurrencyFailure) => "ChangedMeanwhile",
        _ => "AccountNotSaved",
    };
}
