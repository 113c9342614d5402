using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using AuthServer.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 7523 2.2, private_key_jwt: a client authenticates by a JWT that it signs.</summary>
public sealed class Rfc7523ClientAssertionTests
{
    [Fact]
    public async Task Section_3_A_client_authenticates_by_an_assertion_signed_with_its_registered_key()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey))).AssertOk();
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
    public async Task Section_3_An_assertion_about_something_else_is_refused(string claim, string value)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await AskAsync(app, Assertion(app, Seed.BillingKey, (claim, value)))).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Section_3_An_expired_assertion_is_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        var assertion = Assertion(app, Seed.BillingKey);
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        (await AskAsync(app, assertion)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
    }

    private static Task<Answer> AskAsync(AuthServerApp app, string assertion) => app.Client(Seed.Billing).TokenAsync(
        ("grant_type", "client_credentials"),
        ("scope", "notes.read"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion));

    private static string Assertion(AuthServerApp app, ECDsa key, params (string Claim, string Value)[] changes)
    {
        var now = app.Clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Seed.Billing,
            ["sub"] = Seed.Billing,
            ["aud"] = "http://localhost:8400/",
            ["jti"] = Guid.CreateVersion7().ToString(),
        };
        foreach (var (claim, value) in changes)
        {
            claims[claim] = value;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "client-authentication+jwt",
            Subject = new ClaimsIdentity(),
            Claims = claims,
            IssuedAt = now,
            Expires = now.AddMinutes(5),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });
    }
}
