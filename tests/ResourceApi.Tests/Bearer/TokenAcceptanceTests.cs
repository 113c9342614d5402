using System.Net;
using System.Text.Json.Nodes;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class TokenAcceptanceTests(RunningApi running) : IClassFixture<RunningApi>
{
    private static readonly Dictionary<string, Action<TestToken, TestIssuer>> Kinds = new()
    {
        ["that is good"] = (_, _) => { },
        ["whose type is written in full"] = (token, _) => token.Header["typ"] = "application/at+jwt",
        ["for several audiences"] = (token, _) => token.Claims["aud"] = new JsonArray("http://localhost:9999", ResourceApiApp.Resource),
        ["for this API, spelled with a slash at the end"] = (token, _) => token.Claims["aud"] = ResourceApiApp.Resource + "/",
        ["for this API, spelled with a host in upper case"] = (token, _) => token.Claims["aud"] = "HTTP://LOCALHOST:8410",
        ["for this API and for the issuer"] = (token, issuer) =>
            token.Claims["aud"] = new JsonArray(issuer.Authority.AbsoluteUri, ResourceApiApp.Resource),
        ["with its scopes in an array"] = (token, _) => token.Claims["scope"] = new JsonArray("openid", "users.read"),
        ["whose issuer is written without slash"] = (token, issuer) => token.Claims["iss"] = issuer.Authority.AbsoluteUri.TrimEnd('/'),
        ["expired by less than the clock skew"] = (token, _) => token.Claims["exp"] = Now(-10),
        ["valid from a moment within the clock skew"] = (token, _) => token.Claims["nbf"] = Now(10),
    };

    public static TheoryData<string> GoodTokens => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(GoodTokens))]
    public async Task A_token_is_accepted(string kind)
    {
        var response = await running.Api.GetAsync("/api/me", running.Issuer.Token(token => Kinds[kind](token, running.Issuer)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task An_asymmetric_signature_is_accepted(string algorithm)
    {
        await using var issuer = new TestIssuer();
        issuer.Rotate(algorithm);
        await issuer.StartAsync();
        await using var api = new ResourceApiApp(issuer);

        var response = await api.GetAsync("/api/me", issuer.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static long Now(int seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
}
