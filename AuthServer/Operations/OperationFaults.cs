using AuthServer.Hosting;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Operations;

/// <summary>What the errors of ASP.NET Core Identity mean for an operation.</summary>
internal static class OperationFaults
{
    /// <param name="code">The name of a method of <see cref="IdentityErrorDescriber"/>, or a code of this program.</param>
    /// <returns>The fault, and the field that is wrong in camel case.</returns>
    public static (OperationFault Fault, string? Field) Of(string code) => code switch
    {
        nameof(IdentityErrorDescriber.DuplicateUserName) or UserNameValidator.LooksLikeAnother => (OperationFault.Conflict, "name"),
        nameof(IdentityErrorDescriber.DuplicateEmail) => (OperationFault.Conflict, "email"),
        nameof(IdentityErrorDescriber.DuplicateRoleName) => (OperationFault.Conflict, "name"),
        nameof(IdentityErrorDescriber.InvalidUserName) or UserNameValidator.ForeignEmail or UserNameValidator.MixedScripts =>
            (OperationFault.Invalid, "name"),
        nameof(IdentityErrorDescriber.InvalidRoleName) => (OperationFault.Invalid, "name"),
        nameof(IdentityErrorDescriber.InvalidEmail) => (OperationFault.Invalid, "email"),
        nameof(IdentityErrorDescriber.ConcurrencyFailure) => (OperationFault.Stale, null),
        _ when code.Contains("Password", StringComparison.Ordinal) => (OperationFault.Invalid, "password"),
        _ => (OperationFault.Invalid, null),
    };
}
