using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

internal sealed class KeysOptionsValidator(IHostEnvironment environment) : IValidateOptions<KeysOptions>
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, KeysOptions options)
    {
        var failures = new List<string>();
        CheckCertificate(options, failures);
        CheckRange(options.JwksCacheTime, nameof(options.JwksCacheTime), TimeSpan.Zero, TimeSpan.FromDays(1), failures);
        CheckRange(options.Overlap, nameof(options.Overlap), TimeSpan.Zero, TimeSpan.FromDays(365), failures);
        CheckRange(options.PollInterval, nameof(options.PollInterval), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), failures);
        CheckRange(options.RotationInterval, nameof(options.RotationInterval), TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650), failures);
        CheckAnnouncement(options, failures);
        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
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

    private void CheckCertificate(KeysOptions options, List<string> failures)
    {
        var key = Key(nameof(options.CertificatePath));
        if (options.CertificatePath is not null)
        {
            using var certificate = Load(options, out var problem);
            if (certificate is null)
            {
                failures.Add($"{key} '{options.CertificatePath}' {problem}");
            }
        }
        else if (!environment.IsDevelopment() && !options.AllowUnprotectedKeyRing)
        {
            failures.Add(
                $"{key} is missing: outside Development the key ring needs a certificate, "
                + $"unless {Key(nameof(options.AllowUnprotectedKeyRing))} is true.");
        }
    }

    // A copy of the JWKS that was fetched just before the announcement must expire before the key signs.
    private void CheckAnnouncement(KeysOptions options, List<string> failures)
    {
        var key = Key(nameof(options.AnnouncementTime));
        var (least, why) = environment.IsDevelopment()
            ? (options.Spread, $"twice {Key(nameof(options.PollInterval))}")
            : (options.JwksCacheTime + Margin, $"{Key(nameof(options.JwksCacheTime))} and {Margin.TotalMinutes} minutes");
        if (options.AnnouncementTime < least)
        {
            failures.Add($"{key} is {options.AnnouncementTime}; it must be at least {least}, which is {why}.");
        }

        if (options.AnnouncementTime >= options.RotationInterval)
        {
            failures.Add($"{key} is {options.AnnouncementTime}; it must be shorter than {Key(nameof(options.RotationInterval))}, {options.RotationInterval}.");
        }
    }

    private static void CheckRange(TimeSpan value, string name, TimeSpan least, TimeSpan most, List<string> failures)
    {
        if (value < least || value > most)
        {
            failures.Add($"{Key(name)} is {value}; it must be between {least} and {most}, as d.hh:mm:ss.");
        }
    }

    private static string Key(string name) => $"{KeysOptions.Section}:{name}";
}
