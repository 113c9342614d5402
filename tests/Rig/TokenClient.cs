using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Rig;

/// <summary>A confidential client of a token endpoint, for load. It parses no more of a response than it needs.</summary>
public sealed class TokenClient : IDisposable
{
    private readonly HttpClient http;
    private readonly string userName;
    private readonly string password;
    private readonly string scope;

    /// <param name="address">The address of the server.</param>
    /// <param name="id">The client's id.</param>
    /// <param name="secret">The client's secret.</param>
    /// <param name="userName">The user who signs in.</param>
    /// <param name="password">The user's password.</param>
    /// <param name="scope">The scope to request.</param>
    /// <param name="patience">How long to wait for a response; 100 seconds by default.</param>
    public TokenClient(Uri address, string id, string secret, string userName, string password, string scope, TimeSpan? patience = null)
    {
        (this.userName, this.password, this.scope) = (userName, password, scope);
        // A client has its own connections, like apps on different machines.
#pragma warning disable CA2000 // goes with the client
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = patience ?? TimeSpan.FromSeconds(100),
        };
#pragma warning restore CA2000
        var pair = $"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}";
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    public Task<TokenAnswer> SignInAsync(bool stay = true) => PostAsync(
        "connect/token",
        $"grant_type=password&username={userName}&password={Escape(password)}&scope={scope}{(stay ? "%20offline_access" : "")}");

    public Task<TokenAnswer> RefreshAsync(string refreshToken) =>
        PostAsync("connect/token", $"grant_type=refresh_token&refresh_token={Escape(refreshToken)}");

    /// <param name="asked">The scope; null for that of the constructor.</param>
    public Task<TokenAnswer> ActForItselfAsync(string? asked = null) =>
        PostAsync("connect/token", $"grant_type=client_credentials&scope={Escape(asked ?? scope)}");

    public Task<TokenAnswer> IntrospectAsync(string token) => PostAsync("connect/introspect", $"token={Escape(token)}");

    public Task<TokenAnswer> RevokeAsync(string token) => PostAsync("connect/revoke", $"token={Escape(token)}");

    /// <summary>The status of the response to a GET.</summary>
    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    public void Dispose() => http.Dispose();

    /// <exception cref="HttpRequestException">There was no response.</exception>
    public async Task<TokenAnswer> PostAsync(string path, string form)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        var body = await response.Content.ReadAsByteArrayAsync();
        var json = response.Content.Headers.ContentType?.MediaType is "application/json"
            ? JsonSerializer.Deserialize<JsonElement>(body)
            : default;
        return new TokenAnswer(response.StatusCode, json, response.Headers.RetryAfter?.Delta);
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}

public sealed record TokenAnswer(HttpStatusCode Status, JsonElement Json, TimeSpan? RetryAfter)
{
    public string? AccessToken => Text("access_token");

    public string? RefreshToken => Text("refresh_token");

    public string? Error => Text("error");

    public bool IsActive => Json.ValueKind is JsonValueKind.Object && Json.TryGetProperty("active", out var active) && active.GetBoolean();

    /// <exception cref="InvalidOperationException">The status is not 200.</exception>
    public TokenAnswer Ok() => Status is HttpStatusCode.OK ? this : throw new InvalidOperationException($"{(int)Status} {Json}");

    private string? Text(string name) =>
        Json.ValueKind is JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
