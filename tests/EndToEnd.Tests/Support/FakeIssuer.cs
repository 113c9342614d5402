using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;

namespace EndToEnd.Tests.Support;

/// <summary>An issuer that signs anything a test wants. It has discovery, keys, and the password grant for every user name.</summary>
internal sealed class FakeIssuer : IDisposable
{
    public const string Subject = "subject-1";

    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private readonly HttpListener listener = new();

    public FakeIssuer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        listener.Prefixes.Add(Address);
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>The key that signs and is in the JWKS.</summary>
    public SigningKey Key { get; set; } = new("first");

    /// <summary>The session id in the next ID token.</summary>
    public string SessionId { get; set; } = "sid-1";

    public bool RefusesTokens { get; set; }

    /// <summary>The lifetime of a device code, in seconds.</summary>
    public int DeviceCodeLifetime { get; set; } = 60;

    /// <summary>The errors for a polling device, one after the other; the last one is repeated.</summary>
    public IReadOnlyList<string> DeviceErrors { get; set; } = ["authorization_pending"];

    /// <summary>The times at which devices have polled.</summary>
    public ConcurrentQueue<DateTimeOffset> Polls { get; } = new();

    /// <summary>The claims of a valid logout token with these changes; null removes a claim.</summary>
    public Dictionary<string, object?> LogoutClaims(params (string Name, object? Value)[] changes)
    {
        var claims = Claims(TimeSpan.FromMinutes(2));
        claims["jti"] = Guid.CreateVersion7().ToString();
        claims["sid"] = SessionId;
        claims["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new object() };
        foreach (var (name, value) in changes)
        {
            claims[name] = value;
        }

        return claims;
    }

    public static long Seconds(TimeSpan fromNow) => (TimeProvider.System.GetUtcNow() + fromNow).ToUnixTimeSeconds();

    public void Dispose() => ((IDisposable)listener).Dispose();

    private Dictionary<string, object?> Claims(TimeSpan lifetime) => new()
    {
        ["iss"] = Address,
        ["aud"] = "orders",
        ["sub"] = Subject,
        ["iat"] = Seconds(TimeSpan.Zero),
        ["exp"] = Seconds(lifetime),
    };

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var answer = Answer(context.Request.Url!.AbsolutePath, HttpUtility.ParseQueryString(await reader.ReadToEndAsync()));
            var body = JsonSerializer.SerializeToUtf8Bytes(answer);
            context.Response.StatusCode = answer.ContainsKey("error") ? 400 : 200;
            context.Response.ContentType = "application/json";
            context.Response.OutputStream.Write(body);
            context.Response.Close();
        }
    }

    private Dictionary<string, object?> Answer(string path, NameValueCollection form) => path switch
    {
        "/.well-known/openid-configuration" => new()
        {
            ["issuer"] = Address,
            ["authorization_endpoint"] = Address + "authorize",
            ["token_endpoint"] = Address + "token",
            ["device_authorization_endpoint"] = Address + "device",
            ["revocation_endpoint"] = Address + "revoke",
            ["jwks_uri"] = Address + "jwks",
            ["grant_types_supported"] = new[] { "authorization_code", "password", "refresh_token", DeviceGrant },
            ["response_types_supported"] = new[] { "code" },
            ["token_endpoint_auth_methods_supported"] = new[] { "client_secret_post" },
            ["revocation_endpoint_auth_methods_supported"] = new[] { "client_secret_post" },
        },
        "/jwks" => new() { ["keys"] = new[] { Key.Public } },
        "/device" => new()
        {
            ["device_code"] = "device-code",
            ["user_code"] = "1234-5678",
            ["verification_uri"] = Address + "verify",
            ["expires_in"] = DeviceCodeLifetime,
            ["interval"] = 1,
        },
        "/token" when form["grant_type"] is DeviceGrant => new() { ["error"] = NextDeviceError() },
        "/token" when RefusesTokens => new() { ["error"] = "invalid_grant" },
        "/token" => new()
        {
            ["access_token"] = "access-of-" + form["username"],
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
            ["refresh_token"] = "refresh",
            ["id_token"] = Key.Sign(new(Claims(TimeSpan.FromMinutes(5))) { ["sid"] = SessionId, ["name"] = "Alice Ahn" }),
        },
        _ => [],
    };

    private string NextDeviceError()
    {
        Polls.Enqueue(TimeProvider.System.GetUtcNow());
        return DeviceErrors[Math.Min(Polls.Count, DeviceErrors.Count) - 1];
    }
}

/// <summary>An ES256 key with this id.</summary>
internal sealed class SigningKey(string id)
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public object Public => key.ExportParameters(false) is { Q: { X: { } x, Y: { } y } }
        ? new
        {
            kty = "EC",
            crv = "P-256",
            use = "sig",
            alg = "ES256",
            kid = id,
            x = Base64Url.EncodeToString(x),
            y = Base64Url.EncodeToString(y),
        }
        : throw new InvalidOperationException("an EC key has a point");

    /// <summary>Claims with the value null are left out.</summary>
    public string Sign(Dictionary<string, object?> claims, string? type = "JWT", string algorithm = "ES256")
    {
        var header = new Dictionary<string, object?> { ["alg"] = algorithm, ["typ"] = type, ["kid"] = id };
        var text = $"{Part(header)}.{Part(claims)}";
        return algorithm is "none" ? text + "." : $"{text}.{Base64Url.EncodeToString(Signature(algorithm, Encoding.ASCII.GetBytes(text)))}";
    }

    // HS256 uses the public key, which everybody knows, as its secret. A verifier that trusts "alg" alone accepts it (RFC 8725
    // 2.1).
    private byte[] Signature(string algorithm, byte[] text) => algorithm is "HS256"
        ? HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), text)
        : key.SignData(text, HashAlgorithmName.SHA256);

    private static string Part(Dictionary<string, object?> members) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members.Where(member => member.Value is not null).ToDictionary()));
}
