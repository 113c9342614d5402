using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

public sealed class ObtainTests(RunningDjangoServer server) : IClassFixture<RunningDjangoServer>
{
    private static readonly string[] Required = ["This field is required."];

    private readonly DjangoClient django = new(server.App);

    [Theory]
    [InlineData("/api-token-auth/")]
    [InlineData("/api-token-auth")]
    public async Task A_user_name_and_password_get_a_token_and_nothing_else(string path)
    {
        var json = await django.JsonAsync(path, new { username = "alice", password = "correct-horse-apple" });
        var form = await django.PostAsync(path, DjangoClient.Form, "username=alice&password=correct-horse-apple");

        foreach (var answer in new[] { json, form })
        {
            Assert.Equal(["token"], answer.AssertOk().Json.EnumerateObject().Select(member => member.Name));
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task The_token_is_an_ordinary_access_token_for_the_APIs_of_the_app()
    {
        var token = Jwt.Read(await django.TokenAsync());

        Assert.Equal(("ES256", "at+jwt"), (token.Header.GetProperty("alg").GetString(), token.Header.GetProperty("typ").GetString()));
        Assert.Equal("http://localhost:8400/", token.Value("iss"));
        Assert.Equal([Seed.Api, Seed.OtherApi], token.Values("aud"));
        Assert.Equal(
            "email notes.read notes.write profile reports.read roles users.read".Split(' '), token.Value("scope").Split(' ').Order());
        Assert.Equal(
            (DjangoClient.ClientId, "alice", "pwd"), (token.Value("client_id"), token.Value("preferred_username"), token.Value("amr")));
        Assert.Equal(TimeSpan.FromHours(1), token.Instant("exp") - token.Instant("iat"));
        Assert.True(Guid.TryParse(token.Value("sid"), out _));
        Assert.Equal(token.Instant("iat"), token.Instant("auth_time"));
    }

    [Fact]
    public async Task The_rest_of_the_issuer_knows_the_token()
    {
        var token = await django.TokenAsync();
        var issuer = server.App.Client(DjangoClient.ClientId);

        (await issuer.RevokeAsync(token)).AssertOk();

        (await django.VerifyAsync(token)).AssertNonField("Signature has expired.");
    }

    [Theory]
    [InlineData("alice", "wrong-password-here")]
    [InlineData("nobody", "correct-horse-apple")]
    [InlineData("alice", "correct-horse-apple ")]
    [InlineData("alice\uFFFE", "correct-horse-apple")]
    public async Task Wrong_credentials_get_Djangos_message_which_does_not_say_what_is_wrong(string userName, string password) =>
        (await django.SignInAsync(userName, password)).AssertNonField("Unable to log in with provided credentials.");

    [Fact]
    public async Task The_address_works_as_a_name_and_spaces_around_a_name_are_ignored()
    {
        await django.TokenAsync("alice@example.test");
        await django.TokenAsync("  Alice\n");
    }

    [Theory]
    [InlineData("application/json", """{}""")]
    [InlineData("application/json", "")]
    [InlineData(DjangoClient.Form, "")]
    [InlineData("text/plain", "")]
    [InlineData(null, "")]
    [InlineData(DjangoClient.Form, "user=alice")]
    [InlineData("application/json", """{"user":"alice","Username":"alice"}""")]
    public async Task Missing_fields_are_reported_by_name(string? contentType, string body) =>
        (await django.PostAsync(DjangoClient.Auth, contentType, body)).AssertBody(
            HttpStatusCode.BadRequest, new { username = Required, password = Required });

    [Theory]
    [InlineData("""{"username":"alice"}""", "password", "This field is required.")]
    [InlineData("""{"username":"","password":"x"}""", "username", "This field may not be blank.")]
    [InlineData("""{"username":"  ","password":"x"}""", "username", "This field may not be blank.")]
    [InlineData("""{"username":"alice","password":""}""", "password", "This field may not be blank.")]
    [InlineData("""{"username":null,"password":"x"}""", "username", "This field may not be null.")]
    [InlineData("""{"username":"alice","password":123456789012}""", "password", "Not a valid string.")]
    [InlineData("""{"username":["alice"],"password":"x"}""", "username", "Not a valid string.")]
    [InlineData("""{"username":"alice","password":{"x":1}}""", "password", "Not a valid string.")]
    [InlineData("""{"username":true,"password":"x"}""", "username", "Not a valid string.")]
    [InlineData("""{"username":"al\u0000ice","password":"x"}""", "username", "Null characters are not allowed.")]
    [InlineData("""{"username":"alice","password":"\u0000"}""", "password", "Null characters are not allowed.")]
    public async Task A_field_that_is_not_text_is_reported(string json, string field, string message) =>
        (await django.PostAsync(DjangoClient.Auth, "application/json", json)).AssertField(field, message);

    [Theory]
    [InlineData("username=&password=x", "username", "This field may not be blank.")]
    [InlineData("username=alice&password=", "password", "This field may not be blank.")]
    [InlineData("username=alice&password", "password", "This field may not be blank.")]
    [InlineData("password=x", "username", "This field is required.")]
    public async Task The_same_holds_for_a_form(string form, string field, string message) =>
        (await django.PostAsync(DjangoClient.Auth, DjangoClient.Form, form)).AssertField(field, message);
}
