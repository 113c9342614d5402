using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AuthServer.Users;

/// <summary>
/// Owns users and their roles (ASP.NET Core Identity over the shared database), the rules for names and addresses, and the lockout after
/// failed sign-ins. Passwords, passkeys and second factors have folders of their own. Serves no route.
/// </summary>
internal static class UsersFeature
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddIdentityCore<User>(options =>
            {
                options.User.RequireUniqueEmail = true;

                // UserNameValidator has the rule.
                options.User.AllowedUserNameCharacters = "";
                options.Lockout.MaxFailedAccessAttempts = 10;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddRoles<Role>()
            .AddEntityFrameworkStores<AuthDbContext>()
            .AddUserValidator<UserNameValidator>()
            .AddRoleValidator<RoleNameValidator>();
        services.Replace(ServiceDescriptor.Singleton<ILookupNormalizer, LookupNormalizer>());
        services.AddSingleton<IAuditedEntity, AuditedUser>();
        services.AddSingleton<IAuditedEntity, AuditedUserRole>();
        services.AddSingleton<IAuditedEntity, AuditedUserClaim>();
        services.AddSingleton<IAuditedEntity, AuditedRole>();
        services.AddScoped<UserLookup>();
        services.AddScoped<Lockout>();
    }
}
