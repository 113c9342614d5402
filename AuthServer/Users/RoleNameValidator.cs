using Microsoft.AspNetCore.Identity;

namespace AuthServer.Users;

/// <summary>Refuses a name that would be compared as empty: every other such name would find the role.</summary>
internal sealed class RoleNameValidator : IRoleValidator<Role>
{
    public const string Rule = "The name of a role may not have characters that cannot be seen.";

    public static bool IsName(string? name) => name is not null && UserNames.Comparable(name).Length > 0;

    public Task<IdentityResult> ValidateAsync(RoleManager<Role> manager, Role role) => Task.FromResult(
        IsName(role.Name)
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = nameof(IdentityErrorDescriber.InvalidRoleName), Description = Rule }));
}
