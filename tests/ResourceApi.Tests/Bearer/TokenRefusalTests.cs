using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class TokenRefusalTests(RunningApi running) : IClassFixture<RunningApi>
{
    private static readonly Dictionary<string, Action<TestToken, TestIssuer>> Flaws = new()
    {
        ["expired"] = (token, _) => token.Claims["exp"] = Now(-60),
        ["without expiry"] = (token, _) => token.Claims.Remove("exp"),
        ["expiring in the year 9999"] = (token, _) => token.Claims["exp"] = 253402300799,
        ["with an expiry out of range"] = (token, _) => token.Claims["exp"] = 9_000_000_000_000_000,
        ["with an expiry that is text"] = (token, _) => token.Claims["exp"] = "tomorrow",
        ["not yet valid"] = (token, _) => token.Claims["nbf"] = Now(60),
        ["for another audience"] = (token, _) => token.Claims["aud"] = "http://localhost:9999",
        ["for an audience that only begins alike"] = (token, _) => token.Claims["aud"] = ResourceApiApp.Resource + "/other",
        ["for the client as an ID token is"] = (token, _) => token.Claims["aud"] = "orders",
        ["without audience"] = (token, _) => token.Claims.Remove("aud"),
        ["with an empty audience"] = (token, _) => token.Claims["aud"] = new JsonArray(),
        ["of another issuer"] = (token, _) => token.Claims["iss"] = "http://localhost:1/",
        ["without issuer"] = (token, _) => token.Claims.Remove("iss"),
        ["without subject"] = (token, _) => token.Claims.Remove("sub"),
        ["signed by nobody we know under a key id we know"] = (token, _) => token.Sign = new TestKey("ES256").Sign,
        ["without signature"] = (token, _) => token.Sign = _ => [],
        ["with a signature cut short"] = (token, issuer) => token.Sign = data => issuer.Keys[^1].Sign(data)[..^1],
        ["changed after signing"] = (token, issuer) => token.Sign = _ => issuer.Keys[^1].Sign(Encoding.ASCII.GetBytes("something else")),
        ["of algorithm none"] = (token, _) => (token.Header["alg"], token.Sign) = ("none", _ => []),
        ["of algorithm NONE"] = (token, _) => (token.Header["alg"], token.Sign) = ("NONE", _ => []),
        ["signed with the public key as HMAC secret"] = (token, issuer) =>
            (token.Header["alg"], token.Sign) = ("HS256", data => HMACSHA256.HashData(issuer.Keys[^1].PublicKey, data)),
        ["of an algorithm the key is not for"] = (token, _) => token.Header["alg"] = "RS256",
        ["without algorithm"] = (token, _) => token.Header.Remove("alg"),
        ["with a key id nobody knows"] = (token, _) => token.Header["kid"] = "nobody-knows",
        ["without key id"] = (token, _) => token.Header.Remove("kid"),
        ["bringing its own key"] = (token, _) =>
        {
            var own = new TestKey("ES256");
            (token.Header["kid"], token.Header["jwk"], token.Sign) = (own.Id, own.ToJwk(), own.Sign);
        },
        ["of type JWT"] = (token, _) => token.Header["typ"] = "JWT",
        ["without type"] = (token, _) => token.Header.Remove("typ"),
        ["of type logout+jwt"] = (token, _) => token.Header["typ"] = "logout+jwt",
        ["of type JWT and calling itself an access token"] = (token, _) =>
            (token.Header["typ"], token.Claims["token_usage"]) = ("JWT", "access_token"),
        ["that is an ID token"] = (token, _) =>
        {
            token.Header["typ"] = "JWT";
            token.Claims.Remove("scope");
            token.Claims["nonce"] = "n";
        },
        ["bound to a DPoP key"] = (token, _) =>
            token.Claims["cnf"] = new JsonObject { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
        ["bound to a certificate"] = (token, _) =>
            token.Claims["cnf"] = new JsonObject { ["x5t#S256"] = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
        ["bound to something unreadable"] = (token, _) => token.Claims["cnf"] = "certainly",
        ["critically extended"] = (token, _) => (token.Header["crit"], token.Header["exp"]) = (new JsonArray("exp"), Now(60)),
        ["critically extended by something unreadable"] = (token, _) => token.Header["crit"] = "certainly",
        ["critically extended by nothing"] = (token, _) => token.Header["crit"] = null,
    };

    public static TheoryData<string> FlawedTokens => [.. Flaws.Keys];

    public static TheoryData<string> ThingsThatAreNoTokens =>
        ["x", "a.b", "a.b.c", "....", "e30.e30.", "eyJhbGciOiJFUzI1NiJ9.e30", "eyJ.eyJ.eyJ", "bm90IGpzb24.bm90IGpzb24.AAAA", "W10.W10.AAAA",
            "eyJhbGciOiJFUzI1NiIsImtpZCI6WzFdfQ.e30.AAAA", new string('a', 9000)];

    [Theory]
    [MemberData(nameof(FlawedTokens))]
    public async Task A_token_is_refused_when_it_is(string flaw)
    {
        var token = running.Issuer.Token(token => Flaws[flaw](token, running.Issuer));

        var response = await running.Api.GetAsync("/api/me", token);

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Contains("error=\"invalid_token\"", response.ShouldChallenge(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ThingsThatAreNoTokens))]
    public async Task A_text_that_is_not_a_token_is_refused_as_an_invalid_token(string junk)
    {
        var response = await running.Api.GetAsync("/api/me", junk);

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Contains("error=\"invalid_token\"", response.ShouldChallenge(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_never_repeats_the_token()
    {
        var token = running.Issuer.Token(token => token.Claims["exp"] = Now(-60));

        var response = await running.Api.GetAsync("/api/me", token);

        var everything = response.Headers + await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(token.Split('.')[1], everything, StringComparison.Ordinal);
    }

    private static long Now(int seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
}
