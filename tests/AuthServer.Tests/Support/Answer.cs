using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AuthServer.Tests.Support;

/// <summary>A complete response of the server.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, MediaTypeHeaderValue? ContentType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Error => this["error"];

    public string AccessToken => Json.GetProperty("access_token").GetString()!;

    public string RefreshToken => Json.GetProperty("refresh_token").GetString()!;

    public string? this[string member] =>
        Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer(
                response.StatusCode, response.Headers, response.Content.Headers.ContentType, await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Asserts that the response is a refusal with this error in the form of RFC 6749 5.2, and returns it.</summary>
    public Answer AssertRefused(string error, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Assert.Equal((error, status), (Error, Status));
        Assert.Equal("application/json", ContentType?.MediaType);
        Assert.True(Headers.CacheControl?.NoStore, "RFC 6749 5.1: Cache-Control: no-store");
        return this;
    }

    public Answer AssertOk()
    {
        Assert.True(Status is HttpStatusCode.OK, $"{Status}: {Body}");
        return this;
    }
}
