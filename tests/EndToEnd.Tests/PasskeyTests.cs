using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>Passkeys on the issuer's own pages, with the authenticator that Chromium has for tests.</summary>
[Collection(OneAtATime.Name)]
public sealed class PasskeyTests(Platform platform, Chromium chromium)
{
    // Chromium's authenticator picks the suggestion of the name's field at once, when nobody has pressed anything yet.
    private const string WithoutSuggestion = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";

    private readonly string verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    // The app refuses it, having sent nobody off; the way to it is what counts.
    private string Callback => new Uri(platform.Orders.Address, "account/callback").ToString();

    [Theory]
    [InlineData(1280, "en", "Sign in with a passkey", "Add a passkey", "Save", "Remove", "Hello, Alice Ahn", "The sign-in with a passkey did not work. Try once more, or sign in another way.")]
    [InlineData(390, "ko", "패스키로 로그인", "패스키 추가", "저장", "삭제", "Alice Ahn 님, 안녕하세요", "패스키로 로그인하지 못했습니다. 다시 시도하거나 다른 방법으로 로그인하세요.")]
    public async Task A_passkey_is_added_signs_in_without_a_name_is_renamed_and_when_removed_signs_in_no_more(
        int width, string language, string signIn, string add, string save, string remove, string hello, string refused)
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address, width);
        await VirtualAuthenticator.PlugInAsync(page);
        await page.AddInitScriptAsync(WithoutSuggestion);
        await page.GotoAsync($"/account/login?returnUrl=/account/manage/passkeys&ui_locales={language}");
        await page.GetByRole(AriaRole.Button, new() { Name = signIn }).WaitForAsync();
        await page.AssertFitsAsync();
        await page.KeepAsync("passkeys-login");
        await SignInByPasswordAsync(page, "alice", "correct-horse-apple");
        await page.Locator("#name").FillAsync("My first passkey");
        await page.AssertFitsAsync();
        await page.KeepAsync("passkeys-none");
        await page.PressAsync(add);
        await page.SeesAsync("My first passkey");
        await page.KeepAsync("passkeys-one");

        await page.PressAsync(add);
        await page.Locator("[data-passkey-problem]").WaitForAsync();
        await page.KeepAsync("passkeys-known");

        await page.Locator("summary").First.ClickAsync();
        await page.Locator("details input[name=name]").First.FillAsync("My laptop");
        await page.AssertFitsAsync();
        await page.KeepAsync("passkeys-rename");
        await page.PressAsync(save);
        await page.SeesAsync("My laptop");

        await page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Session" });
        await page.GotoAsync("/account/login");
        await page.PressAsync(signIn);
        await page.SeesHeadingAsync(hello);
        await page.AssertFitsAsync();
        await page.KeepAsync("passkeys-account");

        await page.GotoAsync("/account/manage/passkeys");
        await page.PressAsync($"{remove}: My laptop");
        await page.Locator(".notice.done").WaitForAsync();
        Assert.Equal(0, await page.Locator(".rows li").CountAsync());

        await page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Session" });
        await page.GotoAsync("/account/login");
        await page.PressAsync(signIn);
        await page.SeesAsync(refused);
        await page.KeepAsync("passkeys-refused");
    }

    [Fact]
    public async Task Step_up_to_phr_asks_for_the_passkey_which_the_name_s_field_suggests_and_keeps_the_session()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        var authenticator = await VirtualAuthenticator.PlugInAsync(page);
        await AddAsync(page, "bob", "correct-horse-birch");
        await authenticator.TouchAsync(false);
        var weak = await TokenAsync(await AuthorizeAsync(page, "aal1", null));

        var strong = await TokenAsync(await AuthorizeAsync(page, "phr", async () =>
        {
            await page.SeesAsync("To continue, sign in with your passkey.");
            await page.KeepAsync("passkeys-step-up");
            await authenticator.TouchAsync(true);
            await page.ReloadAsync();
        }));

        Assert.Equal(("aal1", "phr"), (weak.GetProperty("acr").GetString(), strong.GetProperty("acr").GetString()));
        Assert.Equal(["pop", "user", "mfa"], strong.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.Equal(weak.GetProperty("sid").GetString(), strong.GetProperty("sid").GetString());
    }

    [Fact]
    public async Task Who_is_not_verified_by_the_device_is_not_signed_in()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        var authenticator = await VirtualAuthenticator.PlugInAsync(page);
        await page.AddInitScriptAsync(WithoutSuggestion);
        await AddAsync(page, "bob", "correct-horse-birch");
        await page.Context.ClearCookiesAsync(new() { Name = "AuthServer.Session" });
        await authenticator.VerifyUserAsync(false);

        await page.GotoAsync("/account/login");
        await page.PressAsync("Sign in with a passkey");

        await page.SeesAsync("No passkey was used");
        await page.KeepAsync("passkeys-cancelled");
    }

    [Fact]
    public async Task Who_is_locked_is_refused_once_and_is_not_tried_again_unasked()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await VirtualAuthenticator.PlugInAsync(page);
        await AddAsync(page, "bob", "correct-horse-birch");
        await platform.CommandAsync("user", "lock", "bob");
        try
        {
            await page.GotoAsync("/account/login");

            await page.SeesAsync("The sign-in with a passkey did not work.");
            var sent = 0;
            page.Request += (_, request) => sent += request.Method is "POST" ? 1 : 0;
            await Task.Delay(1000);
            Assert.Equal(0, sent);
        }
        finally
        {
            await platform.CommandAsync("user", "unlock", "bob");
        }
    }

    [Fact]
    public async Task Without_a_script_or_a_device_the_password_is_all_that_is_offered()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address);
        await page.AddInitScriptAsync("delete window.PublicKeyCredential");
        await page.GotoAsync("/account/login?returnUrl=/account/manage/passkeys");
        Assert.False(await page.Locator("[data-passkey-start]").IsVisibleAsync());

        await SignInByPasswordAsync(page, "alice", "correct-horse-apple");

        await page.SeesAsync("This browser cannot create passkeys.");
        Assert.False(await page.Locator("#name").IsVisibleAsync());
    }

    private static async Task SignInByPasswordAsync(IPage page, string userName, string password)
    {
        await page.Locator("#userName").FillAsync(userName);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("#password").PressAsync("Enter");
    }

    private static async Task AddAsync(IPage page, string userName, string password)
    {
        await page.GotoAsync("/account/login?returnUrl=/account/manage/passkeys");
        await SignInByPasswordAsync(page, userName, password);
        await page.PressAsync("Add a passkey");
        await page.SeesAsync("The passkey has been added.");
    }

    private async Task<string> AuthorizeAsync(IPage page, string level, Func<Task>? inBetween)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var callback = page.WaitForRequestAsync(request => request.Url.StartsWith(Callback, StringComparison.Ordinal));
        try
        {
            await page.GotoAsync($"/connect/authorize?client_id=orders&response_type=code&scope=openid&code_challenge_method=S256&code_challenge={challenge}&acr_values={level}&redirect_uri={Uri.EscapeDataString(Callback)}");
        }
        catch (PlaywrightException) when (inBetween is null)
        {
        }

        await (inBetween?.Invoke() ?? Task.CompletedTask);
        return System.Web.HttpUtility.ParseQueryString(new Uri((await callback).Url).Query)["code"]!;
    }

    private async Task<JsonElement> TokenAsync(string code)
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
        return JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;
    }
}
