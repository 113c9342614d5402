using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 6750, Bearer Token Usage, at the userinfo endpoint of OpenID Connect Core 5.3.</summary>
public sealed class Rfc6750UserInfoTests
{
    [Fact]
    public async Task The_scopes_decide_which_claims_are_returned()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);

        var all = (await client.UserInfoAsync((await client.SignInAsync("ada", "correct-horse-cedar")).AccessToken)).AssertOk();
        var little = (await client.UserInfoAsync((await client.SignInAsync("ada", "correct-horse-cedar", "openid")).AccessToken))
            .AssertOk();

        Assert.Equal("ada", all["preferred_username"]);
        Assert.Equal("ada@example.test", all["email"]);
        Assert.Equal("True", all["email_verified"]);
        Assert.Equal("""["admin"]""", all["role"]);
        Assert.Equal(all["sub"], Assert.Single(little.Json.EnumerateObject()).Value.GetString());
    }

    [Fact]
    public async Task Section_3_Without_a_token_the_challenge_names_no_error()
    {
        await using var app = await AuthServerApp.StartAsync();

        var answer = await app.Client(Seed.Orders).UserInfoAsync(null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJhIn0.")]
    public async Task Section_3_1_A_text_that_is_not_a_token_is_invalid_token_401(string token)
    {
        await using var app = await AuthServerApp.StartAsync();

        Refused(await app.Client(Seed.Orders).UserInfoAsync(token), HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task Section_3_1_An_expired_token_is_invalid_token_401()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        app.Clock.Advance(TimeSpan.FromHours(1.2));

        Refused(await client.UserInfoAsync(answer.AccessToken), HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task Section_3_1_An_ID_token_or_a_refresh_token_is_not_accepted()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        Refused(await client.UserInfoAsync(answer["id_token"]), HttpStatusCode.Unauthorized, "invalid_token");
        Refused(await client.UserInfoAsync(answer.RefreshToken), HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task Section_3_1_A_token_without_openid_is_insufficient_scope_403()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple", "notes.read")).AssertOk();

        Refused(await client.UserInfoAsync(answer.AccessToken), HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Fact]
    public async Task Rfc9068_4_A_token_for_an_API_alone_is_not_for_userinfo()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        const string Scope = "openid profile offline_access notes.read";

        var narrow = (await client.SignInAsync("alice", "correct-horse-apple", Scope, ("resource", Seed.Api))).AssertOk();
        var both = (await client.SignInAsync("alice", "correct-horse-apple", Scope)).AssertOk();
        var own = (await client.RefreshAsync(narrow.RefreshToken, ("resource", "http://localhost:8400/"))).AssertOk();

        Refused(await client.UserInfoAsync(narrow.AccessToken), HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal("alice", (await client.UserInfoAsync(both.AccessToken)).AssertOk()["preferred_username"]);
        Assert.Equal("alice", (await client.UserInfoAsync(own.AccessToken)).AssertOk()["preferred_username"]);
        Assert.Equal("http://localhost:8400/", Jwt.Read(own.AccessToken).Value("aud"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenID_Connect_5_3_1_POST_works_with_the_token_in_the_header_with_or_without_a_form(bool hasForm)
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/connect/userinfo") { Content = hasForm ? new FormUrlEncodedContent([]) : null };
        request.Headers.Authorization = new("Bearer", answer.AccessToken);

        Assert.Equal("alice", (await Answer.ReadAsync(await app.Http.SendAsync(request))).AssertOk()["preferred_username"]);
    }

    [Fact]
    public async Task Section_2_2_A_token_in_the_form_is_accepted()
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var told = await app.Http.PostAsync(
            new Uri("/connect/userinfo", UriKind.Relative),
            new FormUrlEncodedContent([KeyValuePair.Create("access_token", answer.AccessToken)]));

        Assert.Equal("alice", (await Answer.ReadAsync(told)).AssertOk()["preferred_username"]);
    }

    [Fact]
    public async Task Section_2_A_token_in_two_places_at_once_is_invalid_request()
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/userinfo")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("access_token", answer.AccessToken)]),
        };
        request.Headers.Authorization = new("Bearer", answer.AccessToken);

        Refused(await Answer.ReadAsync(await app.Http.SendAsync(request)), HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Section_2_3_A_token_in_the_query_is_not_accepted()
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var refused = await Answer.ReadAsync(
            await app.Http.GetAsync(new Uri($"/connect/userinfo?access_token={answer.AccessToken}", UriKind.Relative)));

        Refused(refused, HttpStatusCode.BadRequest, "invalid_request");
    }

    private static void Refused(Answer answer, HttpStatusCode status, string error)
    {
        Assert.Equal(status, answer.Status);
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate);
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.Contains($"error=\"{error}\"", challenge.Parameter, StringComparison.Ordinal);
        Assert.DoesNotContain("error_uri", challenge.Parameter, StringComparison.Ordinal);
    }
}
