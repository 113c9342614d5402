using System.Net.Http.Headers;
using System.Text;

namespace AuthServer.Tests.Support;

/// <summary>
/// A client of the server, with a method for each request. It authenticates by client_secret_basic, or without a secret by its id
/// alone.
/// </summary>
internal sealed class ClientDriver(HttpClient http, string id, string? secret)
{
    public const string AllScopes = "openid profile email roles offline_access users.read notes.read notes.write";

    public Task<Answer> SignInAsync(string userName, string password, string scope = AllScopes, params (string, string)[] more) =>
        TokenAsync([("grant_type", "password"), ("username", userName), ("password", password), ("scope", scope), .. more]);

    public Task<Answer> RefreshAsync(string refreshToken, params (string, string)[] more) =>
        TokenAsync([("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    public Task<Answer> ActForItselfAsync(string scope) =>
        TokenAsync(("grant_type", "client_credentials"), ("scope", scope));

    public Task<Answer> TokenAsync(params (string, string)[] form) => PostAsync("/connect/token", form);

    public Task<Answer> IntrospectAsync(string token) => PostAsync("/connect/introspect", ("token", token));

    public Task<Answer> RevokeAsync(string token, params (string, string)[] more) =>
        PostAsync("/connect/revoke", [("token", token), .. more]);

    public async Task<Answer> UserInfoAsync(string? accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = accessToken is null ? null : new AuthenticationHeaderValue("Bearer", accessToken);
        return await Answer.ReadAsync(await http.SendAsync(request));
    }

    public async Task<Answer> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (secret is null)
        {
            form = [.. form, ("client_id", id)];
        }
        else
        {
            // RFC 6749 2.3.1: both parts are form-encoded first.
            var pair = $"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Answer.ReadAsync(await http.SendAsync(request));
    }
}
