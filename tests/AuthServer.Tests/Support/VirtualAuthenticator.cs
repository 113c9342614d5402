using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthServer.Tests.Support;

/// <summary>
/// A device with a passkey (Web Authentication Level 3 6), together with its browser. It also does things that a real one would
/// refuse.
/// </summary>
internal sealed class VirtualAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte AttestedCredential = 0x40;

    private static readonly string[] Transports = ["internal"];

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(32);

    public string Origin { get; set; } = "http://localhost:8400";

    public string Domain { get; set; } = "localhost";

    public bool VerifiesUser { get; set; } = true;

    public bool IsInFrame { get; set; }

    /// <summary>The signature counter. Zero means that the authenticator has none.</summary>
    public uint Count { get; set; }

    /// <summary>The user handle from the options with which the passkey was created, in base64url.</summary>
    public string? UserHandle { get; set; }

    public string Id => Base64Url.EncodeToString(id);

    /// <returns>RegistrationResponseJSON (5.1.8.1).</returns>
    public string Create(string options)
    {
        var asked = JsonDocument.Parse(options).RootElement;
        UserHandle = asked.GetProperty("user").GetProperty("id").GetString();
        var client = ClientData("webauthn.create", asked);
        var data = Data(AttestedCredential, [.. new byte[16], .. Length(id.Length), .. id, .. CoseKey()]);

        // { "fmt": "none", "attStmt": {}, "authData": data } in CBOR (RFC 8949 3).
        byte[] attestation =
        [
            0xA3,
            0x63,
            .. "fmt"u8,
            0x64,
            .. "none"u8,
            0x67,
            .. "attStmt"u8,
            0xA0,
            0x68,
            .. "authData"u8,
            0x59,
            .. Length(data.Length),
            .. data,
        ];
        return Response(new { clientDataJSON = Encode(client), attestationObject = Encode(attestation), transports = Transports });
    }

    /// <returns>AuthenticationResponseJSON (5.1.8.2).</returns>
    public string Get(string options)
    {
        var client = ClientData("webauthn.get", JsonDocument.Parse(options).RootElement);
        var data = Data(0, []);
        var signature = key.SignData(
            [.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Response(new
        {
            clientDataJSON = Encode(client),
            authenticatorData = Encode(data),
            signature = Encode(signature),
            userHandle = UserHandle,
        });
    }

    public void Dispose() => key.Dispose();

    private byte[] ClientData(string type, JsonElement options) => JsonSerializer.SerializeToUtf8Bytes(
        new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = IsInFrame });

    private byte[] Data(byte flags, byte[] attested)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)),
            (byte)(flags | UserPresent | (VerifiesUser ? UserVerified : 0)),
            .. count,
            .. attested,
        ];
    }

    // RFC 9053 7.1: EC2, ES256, P-256, x, y.
    private byte[] CoseKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }

    private string Response(object response) => JsonSerializer.Serialize(
        new { id = Id, rawId = Id, type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response });

    private static byte[] Length(int length) => [(byte)(length >> 8), (byte)length];

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
