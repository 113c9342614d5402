using System.Security.Cryptography;
using System.Text.Json;

namespace AuthServer.Tests.Support;

/// <summary>The apps, APIs and users of the tests: those of the demo and some more, in a platform file like an operator's.</summary>
internal static class Seed
{
    public const string Api = "http://localhost:8410";
    public const string OtherApi = "http://localhost:8499";
    public const string Orders = "orders";
    public const string OrdersSecret = "orders-demo-secret";

    /// <summary>An app that authenticates by private_key_jwt with <see cref="BillingKey"/>.</summary>
    public const string Billing = "billing";

    public static readonly ECDsa BillingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private const string Platform = """
        apis:
          - resource: http://localhost:8410
            scopes: [{ name: users.read, description: Read who you are }, { name: notes.read, description: { en: Read your notes, ko: 내 메모 읽기 } }, { name: notes.write }]
          - resource: http://localhost:8499
            scopes: [{ name: reports.read }, { name: reports.close }]
        roles: [admin]
        apps:
          - id: orders
            name: Orders
            url: https://orders.example/
            secret: plain:orders-demo-secret
            grants: [authorization_code, password, refresh_token]
            redirect_uris: ["https://orders.example/callback", "https://orders.example/other?fixed=1"]
            post_logout_redirect_uris: ["https://orders.example/bye"]
            scopes: &all [openid, profile, email, roles, offline_access, users.read, notes.read, notes.write, reports.read]
            origins: [http://localhost:8421]
          - id: reports
            secret: plain:reports-demo-secret
            grants: [authorization_code, password, refresh_token]
            redirect_uris: ["https://reports.example/callback"]
            scopes: [openid, profile, email, offline_access, users.read, notes.read]
          - id: terminal
            type: public
            grants: [password, refresh_token]
            scopes: *all
          - id: kiosk
            type: public
            grants: [password, refresh_token]
            scopes: *all
            origins: ["https://kiosk.example", "http://localhost:3000"]
          - id: partner
            name: Partner
            logo: https://images.example/partner.png
            secret: plain:partner-demo-secret
            grants: [authorization_code, refresh_token]
            redirect_uris: ["https://partner.example/callback"]
            scopes: [openid, profile, offline_access, users.read, notes.read]
            consent: explicit
          - id: phone
            type: native
            grants: [authorization_code, refresh_token]
            redirect_uris: ["http://127.0.0.1/callback", "com.example.phone:/callback"]
            consent: implicit
            scopes: [openid, offline_access, notes.read]
          - id: console
            name: Console
            type: public
            grants: [device_code, refresh_token]
            scopes: [openid, profile, offline_access, notes.read]
          - id: old-app
            secret: plain:old-app-demo-secret
            grants: [authorization_code]
            redirect_uris: ["https://old.example/callback"]
            frontchannel_logout_uri: https://old.example/out?kept=1
            frontchannel_logout_session_required: false
            scopes: [openid]
            pkce: optional
          - id: nightly-job
            secret: plain:nightly-job-demo-secret
            grants: [client_credentials]
            scopes: [notes.read]
          - id: once
            secret: plain:once-demo-secret
            grants: [password]
            scopes: [notes.read]
          - id: http://localhost:8499
            name: Reports API
            secret: plain:reports-api-demo-secret
          - id: robot
            secret: plain:robot-demo-secret
            grants: [client_credentials, refresh_token]
            scopes: [notes.read]
          - id: billing
            public_keys: file:billing.jwks
            grants: [client_credentials]
            scopes: [notes.read]
          - id: short-lived
            secret: plain:short-lived-demo-secret
            grants: [password, refresh_token]
            scopes: [offline_access, notes.read]
            access_token_lifetime: 5m
            refresh_token_lifetime: 1d
            refresh_token_idle_lifetime: 1h
            refresh_token_leeway: 0s
        users:
          - { name: alice, email: alice@example.test, email_confirmed: true, password: "plain:correct-horse-apple" }
          - { name: bob, email: bob@example.test, email_confirmed: true, password: "plain:correct-horse-birch" }
          - { name: ada, email: ada@example.test, email_confirmed: true, password: "plain:correct-horse-cedar", roles: [admin] }
        """;

    /// <returns>The path of the platform file.</returns>
    public static async Task<string> WriteAsync(string folder)
    {
        var key = BillingKey.ExportParameters(includePrivateParameters: false);
        await File.WriteAllTextAsync(Path.Combine(folder, "billing.jwks"), JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", x = Encode(key.Q.X!), y = Encode(key.Q.Y!) } },
        }));
        var path = Path.Combine(folder, "platform.yaml");
        await File.WriteAllTextAsync(path, Platform);
        return path;

        static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }
}
