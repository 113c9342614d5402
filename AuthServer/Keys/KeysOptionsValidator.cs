using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

internal sealed class KeysOptionsValidator(IHostEnvironment environment) : IValidateOptions<KeysOptions>
{
    public ValidateOptionsResult Validate(string? name, KeysOptions options)
    {
        const string PathKey = $"{KeysOptions.Section}:{nameof(KeysOptions.CertificatePath)}";
        if (options.CertificatePath is null)
        {
            return environment.IsDevelopment() || options.AllowUnprotectedKeyRing
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    $"{PathKey} is missing: outside Development the key ring is protected by a certificate, "
                    + $"or {KeysOptions.Section}:{nameof(KeysOptions.AllowUnprotectedKeyRing)} says in so many words that it is not.");
        }

        return Load(options, out var problem) is { } certificate && Dispose(certificate)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{PathKey} '{options.CertificatePath}' {problem}");
    }

    /// <summary>Reads the certificate; null with the problem in words that follow the file's name.</summary>
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

    private static bool Dispose(X509Certificate2 certificate)
    {
        certificate.Dispose();
        return true;
    }
}
