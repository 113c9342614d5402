using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Keys;

/// <summary>
/// Owns the issuer's keys: how they follow one another (<see cref="KeySchedule"/>), who makes and deletes them
/// (<see cref="KeyRotation"/>), those in use (<see cref="KeyRing"/>) and what protects them. The public halves are served by
/// OpenIddict at <c>/.well-known/jwks</c>; this folder serves no route.
/// </summary>
internal static class KeysFeature
{
    public static void AddKeys(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var section = builder.Configuration.GetSection(KeysOptions.Section);
        services.AddSingleton<IValidateOptions<KeysOptions>, KeysOptionsValidator>();
        services.AddSettings<KeysOptions>(KeysOptions.Section);
        services.AddSingleton<KeyProtection>();
        services.AddSingleton<KeyRotation>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider => provider.GetRequiredService<ServerKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<ServerKeys>());
        services.AddHostedService<KeyWatch>();

        var protection = services.AddDataProtection().SetApplicationName("AuthServer").PersistKeysToDbContext<AuthDbContext>();

        // Read here and not from bound options: the framework takes its decryption certificates at registration only.
        // A certificate that cannot be read is reported by the validator with everything else that is wrong.
        var options = new KeysOptions { CertificatePath = section["CertificatePath"], CertificatePassword = section["CertificatePassword"] };
        if (options.CertificatePath is { Length: > 0 } && KeysOptionsValidator.Load(options, out _) is { } certificate)
        {
            protection.ProtectKeysWithCertificate(certificate);
        }
    }

    public static void UseKeys(this WebApplication app) => app.UseMiddleware<FreshKeys>();
}
