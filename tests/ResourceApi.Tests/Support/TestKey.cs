using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace ResourceApi.Tests.Support;

/// <summary>A signing key of the test issuer.</summary>
internal sealed class TestKey(string algorithm)
{
    private readonly ECDsa? _ecdsa = algorithm is "ES256" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
    private readonly RSA? _rsa = algorithm is "ES256" ? null : RSA.Create(2048);

    public string Algorithm => algorithm;

    public string Id { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>The public key, which everybody can read. An attacker would use it as an HMAC secret.</summary>
    public byte[] PublicKey => _ecdsa?.ExportSubjectPublicKeyInfo() ?? _rsa!.ExportSubjectPublicKeyInfo();

    public byte[] Sign(byte[] data) => algorithm switch
    {
        "ES256" => _ecdsa!.SignData(data, HashAlgorithmName.SHA256),
        "PS256" => _rsa!.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => _rsa!.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
    };

    public JsonObject ToJwk()
    {
        var jwk = new JsonObject { ["kid"] = Id, ["use"] = "sig", ["alg"] = algorithm };
        if (_ecdsa is not null)
        {
            var point = _ecdsa.ExportParameters(includePrivateParameters: false).Q;
            (jwk["kty"], jwk["crv"]) = ("EC", "P-256");
            (jwk["x"], jwk["y"]) = (Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
        }
        else
        {
            var parameters = _rsa!.ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "RSA";
            (jwk["n"], jwk["e"]) = (Base64UrlEncoder.Encode(parameters.Modulus), Base64UrlEncoder.Encode(parameters.Exponent));
        }

        return jwk;
    }
}
