using System.Text.Json;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>
/// The page of <c>docs/snippets/node/public</c>, which signs in with oidc-client-ts and keeps its tokens in the browser.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class BrowserAppTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task The_page_signs_in_renews_its_tokens_without_a_redirect_and_signs_out()
    {
        var here = platform.Snippet.Address;
        using var server = await NodeSnippets.StartAsync("api.mjs",
            ("ISSUER", platform.AuthServer.Address.ToString()), ("AUDIENCE", platform.Api.Address.ToString().TrimEnd('/')),
            ("PORT", $"{here.Port}"));
        try
        {
            var page = await OpenAsync(here);
            await page.PressAsync("Sign in");
            await page.EnterAsync("alice", "correct-horse-apple");
            await page.PressAsync("Allow");
            await page.SeesAsync("Alice Ahn: 200");
            var first = await TokensAsync(page);

            await page.PressAsync("Renew");
            await page.WaitForFunctionAsync("old => !Object.values(sessionStorage).some(value => value.includes(old))", first.Access);
            await page.SeesAsync("Alice Ahn: 200");
            Assert.NotEqual(first.Refresh, (await TokensAsync(page)).Refresh);

            // In a new tab the app is not signed in yet. The issuer asks for neither password nor consent again.
            var tab = await Chromium.VisitAsync(page, here);
            await tab.PressAsync("Sign in");
            await tab.SeesAsync("Alice Ahn: 200");
            var second = await TokensAsync(tab);

            await tab.PressAsync("Sign out");
            await tab.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).WaitForAsync();
            Assert.Equal(here.ToString(), tab.Url);
            Assert.Equal(400, await RefreshAsync(tab, second.Refresh));

            // This sign-out has also ended the sign-in of the first tab, which notices it at its next renewal.
            await page.PressAsync("Renew");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).WaitForAsync();
            await page.PressAsync("Sign in");
            await page.SeesIssuerAsync(platform.AuthServer.Address, "Snippet browser");
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    private async Task<IPage> OpenAsync(Uri address)
    {
        for (var patience = 100; ; patience--)
        {
            try
            {
                return await chromium.VisitAsync(address);
            }
            catch (PlaywrightException) when (patience > 0)
            {
                await Task.Delay(100); // the server does not report when it is ready
            }
        }
    }

    private static async Task<(string Access, string Refresh)> TokensAsync(IPage page)
    {
        var user = await page.EvaluateAsync<string>(
            "sessionStorage.getItem(Object.keys(sessionStorage).find(key => key.startsWith('oidc.user:')))");
        using var json = JsonDocument.Parse(user);
        return (json.RootElement.GetProperty("access_token").GetString()!, json.RootElement.GetProperty("refresh_token").GetString()!);
    }

    // Sent by a script of the page, which may read the answer because of its CORS headers.
    private Task<int> RefreshAsync(IPage page, string refreshToken) => page.EvaluateAsync<int>(
        "async ([address, refresh_token]) => (await fetch(address, { method: 'POST', body: new URLSearchParams({ grant_type: "
        + "'refresh_token', client_id: 'snippet-browser', refresh_token }) })).status",
        new[] { new Uri(platform.AuthServer.Address, "/connect/token").ToString(), refreshToken });
}
