using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace ResourceApi.Tests.Support;

/// <summary>
/// A token before its signature. It begins as a valid access token (RFC 9068); each test changes the one thing that it tests.
/// </summary>
internal sealed class TestToken
{
    public TestToken(TestKey key, string issuer, DateTimeOffset now)
    {
        Header = new JsonObject { ["alg"] = key.Algorithm, ["kid"] = key.Id, ["typ"] = "at+jwt" };
        Claims = new JsonObject
        {
            ["iss"] = issuer,
            ["aud"] = ResourceApiApp.Resource,
            ["sub"] = Guid.CreateVersion7().ToString(),
            ["client_id"] = "orders",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["scope"] = "openid users.read notes.read notes.write",
        };
        Sign = key.Sign;
    }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    public Func<byte[], byte[]> Sign { get; set; }

    public string Serialize()
    {
        var data = $"{Base64UrlEncoder.Encode(Header.ToJsonString())}.{Base64UrlEncoder.Encode(Claims.ToJsonString())}";
        return $"{data}.{Base64UrlEncoder.Encode(Sign(Encoding.ASCII.GetBytes(data)))}";
    }
}
