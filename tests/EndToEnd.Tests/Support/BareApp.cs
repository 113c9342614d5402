using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>
/// An app that sends the issuer requests that SampleClient does not send. It uses the client id of Orders, which knows nothing of
/// it.
/// </summary>
internal sealed class BareApp(Platform platform)
{
    private readonly string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private string Callback => new Uri(platform.Orders.Address, "account/callback").ToString();

    /// <param name="page">The page that goes to the issuer and comes back.</param>
    /// <param name="query">Further parameters of the request.</param>
    /// <param name="inBetween">The user's steps at the issuer.</param>
    /// <returns>The claims of the ID token.</returns>
    public async Task<JsonElement> SignInAsync(IPage page, string query, Func<Task>? inBetween = null)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var address = "/connect/authorize?client_id=orders&response_type=code&scope=openid+profile&code_challenge_method=S256"
            + $"&code_challenge={challenge}&redirect_uri={Uri.EscapeDataString(Callback)}";
        var callback = await page.RunAndWaitForRequestAsync(
            async () =>
            {
                await page.GotoAsync(new Uri(platform.AuthServer.Address, $"{address}&{query}").ToString());
                await (inBetween?.Invoke() ?? Task.CompletedTask);
            },
            request => request.Url.StartsWith(Callback, StringComparison.Ordinal));
        await page.ArrivesBelowAsync(platform.Orders.Address);
        return await RedeemAsync(System.Web.HttpUtility.ParseQueryString(new Uri(callback.Url).Query)["code"]!);
    }

    private async Task<JsonElement> RedeemAsync(string code)
    {
        using var http = new HttpClient { BaseAddress = platform.AuthServer.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "orders",
            ["client_secret"] = Platform.OrdersSecret,
            ["code"] = code,
            ["code_verifier"] = verifier,
            ["redirect_uri"] = Callback,
        });
        using var answer = await http.PostAsync("/connect/token", form);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id_token").GetString()!;
        return TokenPart.Of(token, 1);
    }
}
