using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>
/// An AuthServer for third-party programs, with its own data. Its apps <c>shop</c> and <c>wiki</c> are those of
/// <c>docs/sign-in.md</c>, <c>desk</c> and <c>ledger</c> those of <c>docs/integrate.md</c>, at other addresses.
/// </summary>
public sealed class StacksIssuer : IAsyncLifetime
{
    // Apps encode their secrets in the header in different ways (RFC 6749 2.3.1). This one has characters that distinguish them.
    internal const string ShopSecret = "a secret with ~ and ä, 100% +odd: -_.!*'()";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("other-stacks-");
    private RunningProgram program = null!;

    internal Uri Address => program.Address;

    internal Uri Shop { get; } = RunningProgram.FreeAddress();

    internal Uri Wiki { get; } = RunningProgram.FreeAddress();

    internal Uri Ledger { get; } = RunningProgram.FreeAddress();

    internal string LedgerSecret { get; } = RandomNumberGenerator.GetHexString(32);

    internal string WikiSecret { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>A JSON object: private keys in PEM (PKCS 8), by the names of their curves or by <c>RSA</c>.</summary>
    internal string NightlyKeys { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var platform = Path.Combine(folder.FullName, "platform.yaml");
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:AuthServer"] = $"Data Source={Path.Combine(folder.FullName, "authserver.db")}",
            ["Platform:File"] = platform,
            ["SHOP_SECRET"] = ShopSecret,
            ["WIKI_SECRET"] = WikiSecret,
            ["LEDGER_SECRET"] = LedgerSecret,
        };
        program = new RunningProgram("AuthServer", settings);
        settings["Connect:Issuer"] = Address.ToString();
        await WriteKeysAsync();
        var documented = Documentation.Block("An app that does it", "yaml") + Documentation.Block("Other stacks", "yaml")
            + Documentation.Block("A native app", "yaml", "integrate.md") + Documentation.Block("Spring Boot", "yaml", "integrate.md");
        await File.WriteAllTextAsync(platform, Here($$"""
            apis:
              - resource: https://api.example.com
                scopes: [{ name: things.read }]

            apps:
              - id: tv
                name: Television
                type: public
                grants: [device_code, refresh_token]
                scopes: [openid, profile, offline_access]

              - id: nightly
                public_keys: file:nightly.jwks.json
                grants: [client_credentials]
                scopes: [things.read]

            {{documented}}
            users:
              - name: alice
                email: alice@example.test
                email_confirmed: true
                display_name: Alice Ahn
                password: plain:correct-horse-apple
            """));
        await program.StartAsync();
    }

    /// <summary>Replaces the addresses of the documentation by those of these tests.</summary>
    internal string Here(string documented) => documented
        .Replace("https://login.example.com/", Address.ToString(), StringComparison.Ordinal)
        .Replace("https://shop.example.com", Shop.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        .Replace("https://ledger.example.com", Ledger.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        .Replace("https://wiki.example.com", Wiki.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task WriteKeysAsync()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var rsa = RSA.Create(2048);
        object[] keys = [Public("P-256", p256), Public("P-384", p384), Public("P-521", p521), Public(rsa)];
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nightly.jwks.json"), JsonSerializer.Serialize(new { keys }));
        NightlyKeys = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["P-256"] = p256.ExportPkcs8PrivateKeyPem(),
            ["P-384"] = p384.ExportPkcs8PrivateKeyPem(),
            ["P-521"] = p521.ExportPkcs8PrivateKeyPem(),
            ["RSA"] = rsa.ExportPkcs8PrivateKeyPem(),
        });
    }

    private static object Public(string curve, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", crv = curve, kid = curve, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
    }

    private static object Public(RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            kid = "RSA",
            n = Base64Url.EncodeToString(numbers.Modulus),
            e = Base64Url.EncodeToString(numbers.Exponent),
        };
    }
}
