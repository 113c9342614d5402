using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace AuthServer.Keys;

/// <summary>
/// Owns the issuer's keys: their states over time (<see cref="KeySchedule"/>), their creation and deletion (<see cref="KeyRotation"/>), the
/// loaded keys (<see cref="KeyRing"/>) and their protection in the database. Serves no route: OpenIddict serves the public halves at
/// <c>/.well-known/jwks</c>.
/// </summary>
internal static class KeysFeature
{
    public static void AddKeys(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var section = builder.Configuration.GetSection(KeysOptions.Section);
        services.AddSingleton<IAuditedEntity, AuditedKey>();
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

        // Not read from bound options, because the framework takes its decryption certificates only at registration. If the certificate
        // cannot be read, the validator reports it later, together with all other problems.
        var options =
            new KeysOptions { CertificatePath = section["CertificatePath"], CertificatePassword = section["CertificatePassword"] };
        if (options.CertificatePath is { Length: > 0 } && KeysOptionsValidator.Load(options, out _) is { } certificate)
        {
            protection.ProtectKeysWithCertificate(certificate);
        }
    }

    public static void UseKeys(this WebApplication app) => app.UseMiddleware<KeyRefresh>();
}
