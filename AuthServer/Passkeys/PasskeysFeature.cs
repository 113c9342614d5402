using AuthServer.Audit;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Passkeys;

/// <summary>
/// Owns passkeys (Web Authentication Level 3): their registration, and the sign-in with a passkey. Identity's handler checks what
/// browsers and authenticators send, and Identity's store has the rows. The pages are Account/Login, Account/Manage/Passkeys and, to
/// remove all, Account/Reset; the script is Pages/Assets/passkey.js. Serves no route.
/// </summary>
internal static class PasskeysFeature
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddSingleton<IAuditedEntity, AuditedPasskey>();
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>, PasskeyRules>();
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services.AddSingleton<PasskeyCeremonies>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<PasskeyRegistration>();
    }
}
