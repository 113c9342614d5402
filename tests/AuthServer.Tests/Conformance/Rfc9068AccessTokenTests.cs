using AuthServer.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9068, JSON Web Token Profile for OAuth 2.0 Access Tokens, and RFC 8707 for its audience.</summary>
public sealed class Rfc9068AccessTokenTests
{
    [Fact]
    public async Task Section_2_The_token_has_the_type_the_algorithm_and_every_required_claim()
    {
        await using var app = await AuthServerApp.StartAsync();

        var token = Jwt.Read((await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AccessToken);

        Assert.Equal("at+jwt", token.Header.GetProperty("typ").GetString());
        Assert.Equal("ES256", token.Header.GetProperty("alg").GetString());
        Assert.Equal("http://localhost:8400/", token.Value("iss"));
        Assert.Equal(["http://localhost:8400/", Seed.Api], token.Values("aud").Order());
        Assert.Equal(Seed.Orders, token.Value("client_id"));
        Assert.Equal(ClientDriver.AllScopes.Split(' ').Order(), token.Value("scope").Split(' ').Order());
        Assert.Equal(7, Guid.Parse(token.Value("sub")).Version);
        Assert.NotEmpty(token.Value("jti"));
        Assert.Equal(TimeSpan.FromHours(1), token.Instant("exp") - token.Instant("iat"));
        Assert.Equal(token.Instant("iat"), token.Instant("auth_time"));
        Assert.Equal(["pwd"], token.Values("amr"));
        Assert.Equal("alice", token.Value("preferred_username"));
        Assert.Equal("alice@example.test", token.Value("email"));
    }

    [Fact]
    public async Task No_private_claim_of_the_implementation_leaks_into_a_token()
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("ada", "correct-horse-cedar")).AssertOk();
        answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).RefreshAsync(answer.RefreshToken)).AssertOk();

        string[] known =
        [
            "iss", "aud", "sub", "client_id", "exp", "iat", "jti", "scope", "auth_time", "acr", "amr",
            "name", "preferred_username", "email", "email_verified", "role", "azp", "at_hash", "sid",
        ];
        foreach (var token in new[] { answer.AccessToken, answer["id_token"]! })
        {
            Assert.Empty(Jwt.Read(token).Claims.EnumerateObject().Select(claim => claim.Name).Except(known));
        }
    }

    [Fact]
    public async Task Section_2_2_3_Roles_are_present_if_the_scope_was_granted_and_always_as_an_array()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);

        var with = Jwt.Read((await client.SignInAsync("ada", "correct-horse-cedar", "roles notes.read")).AccessToken);
        var without = Jwt.Read((await client.SignInAsync("ada", "correct-horse-cedar", "notes.read")).AccessToken);

        Assert.Equal("""["admin"]""", with.Claims.GetProperty("role").GetRawText());
        Assert.Empty(without.Values("role"));
    }

    [Theory]
    [InlineData("openid", "http://localhost:8400/")]
    [InlineData("offline_access", "http://localhost:8400/")]
    [InlineData("", "http://localhost:8400/")]
    [InlineData("notes.read", Seed.Api)]
    public async Task Section_2_2_The_audience_is_never_empty(string scope, string audience)
    {
        await using var app = await AuthServerApp.StartAsync();

        var token = Jwt.Read(
            (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple", scope)).AccessToken);

        Assert.Equal(audience, token.Value("aud"));
    }

    [Fact]
    public async Task Rfc8707_The_audience_is_the_owners_of_the_scopes_narrowed_to_the_requested_resource()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        const string Scope = "openid offline_access notes.read reports.read";

        var both = (await client.SignInAsync("alice", "correct-horse-apple", Scope)).AssertOk();
        var one = (await client.SignInAsync("alice", "correct-horse-apple", Scope, ("resource", "http://localhost:8499"))).AssertOk();
        var other = (await client.RefreshAsync(one.RefreshToken, ("resource", Seed.Api))).AssertOk();

        Assert.Equal(["http://localhost:8400/", Seed.Api, "http://localhost:8499"], Jwt.Read(both.AccessToken).Values("aud").Order());
        Assert.Equal("http://localhost:8499", Jwt.Read(one.AccessToken).Value("aud"));
        Assert.DoesNotContain("notes.read", Jwt.Read(one.AccessToken).Value("scope"), StringComparison.Ordinal);
        Assert.Equal(Seed.Api, Jwt.Read(other.AccessToken).Value("aud"));
    }

    [Fact]
    public async Task Rfc8707_Section_2_A_resource_that_the_scopes_do_not_belong_to_is_invalid_target()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(
            "alice", "correct-horse-apple", "notes.read", ("resource", "http://localhost:8499")))
            .AssertRefused("invalid_target");
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Section_4_Any_reader_validates_the_token_with_the_published_keys(string algorithm)
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:AccessTokenSigningAlgorithm", algorithm));
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var keys = new JsonWebKeySet(await app.Http.GetStringAsync(new Uri("/.well-known/jwks", UriKind.Relative)));

        foreach (var (token, audience, expected) in new[]
        {
            (answer.AccessToken, Seed.Api, algorithm),
            (answer["id_token"]!, Seed.Orders, "RS256"),
        })
        {
            var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
            {
                ValidIssuer = "http://localhost:8400/",
                ValidAudience = audience,
                ValidAlgorithms = [expected],
                IssuerSigningKeys = keys.GetSigningKeys(),
            });
            Assert.True(result.IsValid, result.Exception?.Message);
        }
    }
}
