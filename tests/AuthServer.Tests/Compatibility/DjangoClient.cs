using System.Net;
using System.Text;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

/// <summary>An app that was written for djangorestframework-jwt.</summary>
internal sealed class DjangoClient(AuthServerApp app)
{
    public const string Auth = "/api-token-auth/";
    public const string Refresh = "/api-token-refresh/";
    public const string Verify = "/api-token-verify/";
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>The public app in <see cref="Seed"/> on whose behalf the endpoints act.</summary>
    public const string ClientId = "terminal";

    public static readonly (string Key, string Value) On = ("Compatibility:DjangoRestFrameworkJwt", ClientId);

    /// <summary>Django's lifetimes: a token lives 7 days and can be refreshed for 30 days.</summary>
    public static readonly (string, string)[] Weeks =
    [
        On,
        ("Connect:AccessTokenLifetime", "7.00:00:00"),
        ("Connect:RefreshTokenLifetime", "30.00:00:00"),
    ];

    public Task<Answer> SignInAsync(string userName = "alice", string password = "correct-horse-apple") =>
        JsonAsync(Auth, new { username = userName, password });

    public async Task<string> TokenAsync(string userName = "alice", string password = "correct-horse-apple") =>
        (await SignInAsync(userName, password)).AssertOk()["token"]!;

    public Task<Answer> RefreshAsync(string token) => JsonAsync(Refresh, new { token });

    public Task<Answer> VerifyAsync(string token) => JsonAsync(Verify, new { token });

    public Task<Answer> JsonAsync(string path, object body) =>
        PostAsync(path, "application/json", JsonSerializer.SerializeToUtf8Bytes(body));

    public Task<Answer> PostAsync(string path, string? contentType, string body) =>
        PostAsync(path, contentType, Encoding.UTF8.GetBytes(body));

    public async Task<Answer> PostAsync(string path, string? contentType, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await Answer.ReadAsync(await app.Http.PostAsync(path, content));
    }
}

internal static class DjangoAnswers
{
    /// <summary>Asserts that the response is this refusal, <c>{"field": ["message"]}</c> or a <c>detail</c>, and returns it.</summary>
    public static Answer AssertField(this Answer answer, string field, string message) =>
        answer.AssertBody(HttpStatusCode.BadRequest, new Dictionary<string, string[]> { [field] = [message] });

    public static Answer AssertNonField(this Answer answer, string message) => answer.AssertField("non_field_errors", message);

    public static Answer AssertDetail(this Answer answer, HttpStatusCode status, string detail) =>
        answer.AssertBody(status, new { detail });

    public static Answer AssertBody(this Answer answer, HttpStatusCode status, object body)
    {
        Assert.Equal((status, JsonSerializer.Serialize(body)), (answer.Status, JsonSerializer.Serialize(answer.Json)));
        Assert.Equal("application/json", answer.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        return answer;
    }
}
