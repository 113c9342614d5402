using Microsoft.AspNetCore.Identity;

namespace AuthServer.Account;

/// <summary>Why a new password is not taken, as a key of <see cref="Texts"/>.</summary>
internal static class PasswordProblem
{
    public static string Of(IdentityResult result) => result.Errors.First().Code switch
    {
        nameof(IdentityErrorDescriber.PasswordTooShort) => "PasswordTooShort",
        "PasswordTooLong" => "PasswordTooLong",
        "PasswordContainsName" => "PasswordContainsName",
        "PasswordTooCommon" => "PasswordTooCommon",
        nameof(IdentityErrorDescriber.PasswordMismatch) => "WrongPassword",
        _ => "PasswordNotTaken",
    };
}
