using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>The app of administrators: it gets a token through the browser, and calls the administration API.</summary>
internal sealed class AdminTool(Platform platform)
{
    public const string Id = "tool";
    public const string Secret = "tool-demo-secret";

    /// <summary>Below the address of Orders, which does not know it: what comes there is all that the app needs.</summary>
    public const string CallbackPath = "/tool/callback";

    private readonly string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private string Callback => new Uri(platform.Orders.Address, CallbackPath).ToString();

    /// <param name="page">A browser in which an administrator is signed in with a second factor.</param>
    /// <returns>The link by which the administrator acts as the user.</returns>
    public async Task<string> AskToActAsync(IPage page, string user, string reason)
    {
        using var http = new HttpClient { BaseAddress = platform.AuthServer.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(page, http));
        var found = await http.GetFromJsonAsync<JsonElement>($"/api/admin/v1/users?name={user}");
        var id = found.GetProperty("items")[0].GetProperty("id").GetString();
        using var answer = await http.PostAsJsonAsync($"/api/admin/v1/users/{id}/impersonations", new { reason, duration = "10m" });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("link").GetString()!;
    }

    private async Task<string> TokenAsync(IPage page, HttpClient http)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var address = $"/connect/authorize?client_id={Id}&response_type=code&scope=openid+admin.users.read+admin.users.impersonate"
            + "&acr_values=aal2&code_challenge_method=S256"
            + $"&code_challenge={challenge}&redirect_uri={Uri.EscapeDataString(Callback)}";
        var callback = await page.RunAndWaitForRequestAsync(
            () => page.GotoAsync(new Uri(platform.AuthServer.Address, address).ToString()),
            request => request.Url.StartsWith(Callback, StringComparison.Ordinal));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Id,
            ["client_secret"] = Secret,
            ["code"] = System.Web.HttpUtility.ParseQueryString(new Uri(callback.Url).Query)["code"]!,
            ["code_verifier"] = verifier,
            ["redirect_uri"] = Callback,
        });
        using var answer = await http.PostAsync("/connect/token", form);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
