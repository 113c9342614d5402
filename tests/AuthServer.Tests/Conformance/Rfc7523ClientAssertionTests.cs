using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 7523 2.2, private_key_jwt: a client authenticates with a JWT that it signs.</summary>
public sealed class Rfc7523ClientAssertionTests
{
    private const string ExplicitType = "client-authentication+jwt";

    private static readonly string[] Issuer = ["http://localhost:8400/"];
    private static readonly string[] IssuerAndAnother = ["http://localhost:8400/", "https://another.example/"];

    [Fact]
    public async Task Section_3_A_client_authenticates_by_an_assertion_signed_with_its_registered_key()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey))).AssertOk();
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData(null)]
    public async Task Section_3_An_assertion_need_not_have_a_type(string? type)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey, type))).AssertOk();
    }

    // RFC 8725 3.11: a token of another kind is not accepted.
    [Theory]
    [InlineData("at+jwt")]
    [InlineData("oi_reft+jwt")]
    [InlineData("logout+jwt")]
    public async Task Section_3_A_token_of_another_type_is_not_accepted_as_an_assertion(string type)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey, type))).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Section_3_An_assertion_signed_by_another_key_is_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        (await AskAsync(app, Assertion(app, foreign))).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("aud", "https://another.example/")]
    [InlineData("sub", "orders")]
    public async Task Section_3_An_assertion_for_another_audience_or_subject_is_refused(string claim, string value)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey, ExplicitType, (claim, value)))).AssertRefused(
            "invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Section_3_An_expired_assertion_is_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        var assertion = Assertion(app, Seed.BillingKey);
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        (await AskAsync(app, assertion)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("nbf", 5)]
    [InlineData("exp", 24 * 60)]
    public async Task Section_3_An_assertion_that_is_not_yet_valid_or_valid_for_a_day_is_refused(string claim, int minutes)
    {
        await using var app = await AuthServerApp.StartAsync();
        var assertion = Assertion(
            app, Seed.BillingKey, ExplicitType, (claim, app.Clock.GetUtcNow().AddMinutes(minutes).ToUnixTimeSeconds()));

        (await AskAsync(app, assertion)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task Section_3_Its_expiry_has_a_tolerance_of_a_minute(int secondsLate, bool isTaken)
    {
        await using var app = await AuthServerApp.StartAsync();
        var assertion = Assertion(app, Seed.BillingKey);
        app.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(secondsLate));

        var answer = await AskAsync(app, assertion);

        Assert.Equal(isTaken ? null : "invalid_client", answer.Error);
    }

    [Fact]
    public async Task Section_3_The_audience_is_the_issuer_alone()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey, ExplicitType, ("aud", Issuer)))).AssertOk();
        (await AskAsync(app, Assertion(app, Seed.BillingKey, ExplicitType, ("aud", "http://localhost:8400")))).AssertOk();
        var refused = (await AskAsync(app, Assertion(app, Seed.BillingKey, ExplicitType, ("aud", IssuerAndAnother))))
            .AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Contains("issuer alone", refused["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jti", "'jti'")]
    [InlineData("exp", "'exp'")]
    public async Task OpenID_Connect_9_A_missing_claim_is_named(string claim, string named)
    {
        await using var app = await AuthServerApp.StartAsync();
        var claims = Claims(app);
        claims.Remove(claim);

        var refused = (await AskAsync(app, Sign(Seed.BillingKey, new Dictionary<string, object> { ["alg"] = "ES256" }, claims)))
            .AssertRefused("invalid_client", HttpStatusCode.Unauthorized);

        Assert.Contains(named, refused["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_3_An_assertion_can_be_used_once_on_all_nodes_together()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var other = AuthServerApp.Beside(app);
        var (first, second) = (Assertion(app, Seed.BillingKey), Assertion(app, Seed.BillingKey));

        (await AskAsync(app, first)).AssertOk();
        (await AskAsync(app, second)).AssertOk();

        (await AskAsync(app, first)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        (await AskAsync(other, second)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Section_3_An_assertion_refused_for_another_reason_is_not_used_up()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.SqlAsync("UPDATE Clients SET DisabledAt = 1 WHERE ClientId = 'billing'");
        var assertion = Assertion(app, Seed.BillingKey);

        (await AskAsync(app, assertion)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        await app.SqlAsync("UPDATE Clients SET DisabledAt = NULL WHERE ClientId = 'billing'");
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        (await AskAsync(app, assertion)).AssertOk();
    }

    // RFC 7515 4.1.11
    [Fact]
    public async Task Section_3_An_extension_that_must_be_understood_is_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        var header = new Dictionary<string, object> { ["alg"] = "ES256", ["typ"] = "JWT", ["crit"] = new[] { "b64" }, ["b64"] = true };

        (await AskAsync(app, Sign(Seed.BillingKey, header, Claims(app)))).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    private static Task<Answer> AskAsync(AuthServerApp app, string assertion) => app.Client(Seed.Billing).TokenAsync(
        ("grant_type", "client_credentials"),
        ("scope", "notes.read"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion));

    private static string Assertion(
        AuthServerApp app, ECDsa key, string? type = ExplicitType, params (string Claim, object Value)[] changes)
    {
        var claims = Claims(app);
        foreach (var (claim, value) in changes)
        {
            claims[claim] = value;
        }

        // Written by hand, because the library always writes a typ.
        var header = new Dictionary<string, object> { ["alg"] = "ES256" };
        if (type is not null)
        {
            header["typ"] = type;
        }

        return Sign(key, header, claims);
    }

    private static Dictionary<string, object> Claims(AuthServerApp app)
    {
        var now = app.Clock.GetUtcNow();
        return new Dictionary<string, object>
        {
            ["iss"] = Seed.Billing,
            ["sub"] = Seed.Billing,
            ["aud"] = "http://localhost:8400/",
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
    }

    private static string Sign(ECDsa key, Dictionary<string, object> header, Dictionary<string, object> claims)
    {
        var signed = $"{Part(header)}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
