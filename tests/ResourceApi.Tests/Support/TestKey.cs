using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace ResourceApi.Tests.Support;

/// <summary>A signing key of the test issuer.</summary>
internal sealed class TestKey(string algorithm)
{
    private readonly ECDsa? ecdsa = algorithm is "ES256" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
    private readonly RSA? rsa = algorithm is "ES256" ? null : RSA.Create(2048);

    public string Algorithm => algorithm;

    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>The public key, which everybody can read. An attacker would use it as an HMAC secret.</summary>
    public byte[] PublicKey => ecdsa?.ExportSubjectPublicKeyInfo() ?? rsa!.ExportSubjectPublicKeyInfo();

    public byte[] Sign(byte[] data) => algorithm switch
    {
        "ES256" => ecdsa!.SignData(data, HashAlgorithmName.SHA256),
        "PS256" => rsa!.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => rsa!.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    };

    public JsonObject ToJwk()
    {
        var jwk = new JsonObject { ["kid"] = Id, ["use"] = "sig", ["alg"] = algorithm };
        if (ecdsa is not null)
        {
            var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
            (jwk["kty"], jwk["crv"]) = ("EC", "P-256");
            (jwk["x"], jwk["y"]) = (Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        }
        else
        {
            var parameters = rsa!.ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "RSA";
            (jwk["n"], jwk["e"]) = (Base64UrlEncoder.Encode(parameters.Modulus), Base64UrlEncoder.Encode(parameters.Exponent));
        }

        return jwk;
    }
}
