using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AuthServer.Users;

/// <summary>Owns people and their roles: ASP.NET Core Identity over the shared database. Serves no route yet.</summary>
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

                // NIST SP 800-63B: length, and no composition rules.
                options.Password.RequiredLength = Passwords.PasswordRules.Shortest;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
            })
            .AddRoles<Role>()
            .AddEntityFrameworkStores<AuthDbContext>()
            .AddUserValidator<UserNameValidator>();
        services.Replace(ServiceDescriptor.Singleton<ILookupNormalizer, LookupNormalizer>());
        services.AddScoped<UserLookup>();
        services.AddScoped<Lockout>();
    }
}
