using AuthServer.Hosting;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>
/// Owns how passwords are chosen, stored and checked: the rules for new ones, with the list of breached ones; Argon2id; older hashes, which
/// are replaced at the next sign-in; and the limit on concurrent hashes. <c>Users/Lockout</c> locks accounts. Serves no route.
/// </summary>
internal static class PasswordsFeature
{
    public static void AddPasswords(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PasswordsOptions>, PasswordsOptionsValidator>();
        services.AddSettings<PasswordsOptions>(PasswordsOptions.Section);
        services.Configure<IdentityOptions>(options => options.Password = new PasswordOptions
        {
            // NIST SP 800-63B: length, and no composition rules.
            RequiredLength = PasswordRules.Shortest,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
        });
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher>();
        services.AddSingleton<PasswordRules>();
        services.AddScoped<IPasswordValidator<User>>(provider => provider.GetRequiredService<PasswordRules>());
        services.AddSingleton<SiteWords>();
        services.AddSingleton<BreachedPasswords>();
        services.AddSingleton<PasswordHashLimit>();
        services.AddScoped<PasswordVerifier>();
        services.AddScoped<PasswordSignIn>();
    }

    public static void UsePasswords(this WebApplication app) => app.UseMiddleware<PasswordFloodBarrier>();
}
