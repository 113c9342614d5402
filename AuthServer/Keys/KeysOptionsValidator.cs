using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

internal sealed class KeysOptionsValidator(IHostEnvironment environment) : IValidateOptions<KeysOptions>
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, KeysOptions options)
    {
        var failures = new SettingFailures(KeysOptions.Section);
        CheckCertificate(options, failures);
        failures.Between(options.JwksCacheTime, TimeSpan.Zero, TimeSpan.FromDays(1));
        failures.Between(options.Overlap, TimeSpan.Zero, TimeSpan.FromDays(365));
        failures.Between(options.PollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        failures.Between(options.RotationInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650));
        CheckAnnouncement(options, failures);
        return failures.Result;
    }

    /// <summary>Reads the certificate, or returns null and the rest of a sentence that begins with the name of the file.</summary>
    public static X509Certificate2? Load(KeysOptions options, out string problem)
    {
        problem = "";
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12(File.ReadAllBytes(options.CertificatePath!), options.CertificatePassword);
            using var key = certificate.GetRSAPrivateKey();
            if (key is not null)
            {
                return certificate;
            }

            certificate.Dispose();
            problem = "holds no RSA private key.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = "cannot be read.";
        }
        catch (CryptographicException)
        {
            problem = $"is not a PKCS#12 file that {KeysOptions.Section}:{nameof(KeysOptions.CertificatePassword)} opens.";
        }

        return null;
    }

    private void CheckCertificate(KeysOptions options, SettingFailures failures)
    {
        if (options.CertificatePath is not null)
        {
            using var certificate = Load(options, out var problem);
            if (certificate is null)
            {
                failures.Add(nameof(options.CertificatePath), $"'{options.CertificatePath}' {problem}");
            }
        }
        else if (!environment.IsDevelopment() && !options.AllowUnprotectedKeyRing)
        {
            failures.Add(
                nameof(options.CertificatePath),
                "is missing: outside Development the key ring needs a certificate, "
                + $"unless {failures.Key(nameof(options.AllowUnprotectedKeyRing))} is true.");
        }
    }

    // A copy of the JWKS that was fetched just before the announcement must expire before the key signs.
    private void CheckAnnouncement(KeysOptions options, SettingFailures failures)
    {
        var (least, why) = environment.IsDevelopment()
            ? (options.Spread, $"twice {failures.Key(nameof(options.PollInterval))}")
            : (options.JwksCacheTime + Margin, $"{failures.Key(nameof(options.JwksCacheTime))} and {Margin.TotalMinutes} minutes");
        if (options.AnnouncementTime < least)
        {
            failures.Add(nameof(options.AnnouncementTime), $"is {options.AnnouncementTime}; it must be at least {least}, which is {why}.");
        }

        if (options.AnnouncementTime >= options.RotationInterval)
        {
            var limit = $"{failures.Key(nameof(options.RotationInterval))}, {options.RotationInterval}";
            failures.Add(nameof(options.AnnouncementTime), $"is {options.AnnouncementTime}; it must be shorter than {limit}.");
        }
    }
}
