namespace AuthServer.Tests.Support;

/// <summary>Sends the same requests as the passkey script of the pages.</summary>
internal static class PasskeyPages
{
    public const string Manage = "/account/manage/passkeys";

    /// <returns>The options, which the server has then stored for this browser.</returns>
    public static async Task<string> OptionsAsync(this Browser browser, BrowserPage page)
    {
        var answer = await browser.PostAsync(
            page.Address + (page.Address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "handler=options",
            [new("form", page.FormToken)]);
        Assert.True(
            answer.Status is System.Net.HttpStatusCode.OK && answer.Html.StartsWith('{'),
            $"{answer.Status} at {answer.Address}: {answer.Text}");
        return answer.Html;
    }

    /// <summary>Signs in on the given login page.</summary>
    public static async Task<BrowserPage> SignInAsync(this Browser browser, BrowserPage page, VirtualAuthenticator passkey)
    {
        page.AssertIs("/account/login");
        return await browser.SendPasskeyAsync(page, passkey.Get(await browser.OptionsAsync(page)));
    }

    public static Task<BrowserPage> SendPasskeyAsync(this Browser browser, BrowserPage page, string credential) =>
        browser.PostAsync(
            page.Address, [new("form", page.FormToken), new("userName", ""), new("password", ""), new("passkey", credential)]);

    /// <summary>Adds a passkey to Alice's account. She signs in by password first, if nobody is signed in.</summary>
    public static async Task<BrowserPage> AddPasskeyAsync(this Browser browser, VirtualAuthenticator passkey, string name = "My laptop")
    {
        var page = await browser.GoAsync(Manage);
        page = page.Path is "/account/login" ? await browser.SignInAsync(page) : page;
        return await browser.SendNewPasskeyAsync(page, passkey.Create(await browser.OptionsAsync(page)), name);
    }

    public static Task<BrowserPage> SendNewPasskeyAsync(
        this Browser browser, BrowserPage page, string credential, string name = "My laptop") =>
        browser.PostAsync(Manage, [new("form", page.FormToken), new("action", "add"), new("name", name), new("passkey", credential)]);

    public static Task<BrowserPage> ChangePasskeyAsync(
        this Browser browser, BrowserPage page, string action, string id, string name = "") =>
        browser.PostAsync(Manage, [new("form", page.FormToken), new("action", action), new("id", id), new("name", name)]);
}
