using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthServer.DatabaseTests.Support;

/// <summary>A certificate in a PKCS#12 file, which is deleted with it.</summary>
internal sealed class Certificate : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-certificate-");

    public Certificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=AuthServer tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllBytes(Path, certificate.Export(X509ContentType.Pkcs12, Password));
    }

    public static string Password => "certificate-password";

    public string Path => System.IO.Path.Combine(folder.FullName, "keys.pfx");

    public (string, string?)[] Settings => [("Keys:CertificatePath", Path), ("Keys:CertificatePassword", Password)];

    public void Dispose() => folder.Delete(recursive: true);
}
