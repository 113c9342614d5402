using System.Net;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Sessions;

/// <summary>The steps by which an administrator acts as a user.</summary>
internal static class ImpersonationScene
{
    public const string Reason = "Ticket 4711: the invoice does not open";

    public static Task<AuthServerApp> StartAsync(params (string Key, string Value)[] settings) =>
        AdminPlatform.StartAsync([("Impersonation:Enabled", "true"), .. settings]);

    public static async Task<Answer> AskAsync(
        this AdminDriver administrator, AuthServerApp app, string user = "carol", string reason = Reason, string? duration = null) =>
        await administrator.PostAsync(
            $"users/{await app.IdOfAsync(user)}/impersonations", JsonSerializer.Serialize(new { reason, duration = duration ?? "20m" }));

    /// <returns>The link, as a path within the server.</returns>
    public static async Task<string> LinkAsync(this AuthServerApp app, string administrator = "root", string user = "carol") =>
        new Uri((await (await app.AdminAsync(administrator)).AskAsync(app, user)).AssertStatus(HttpStatusCode.Created)["link"]!).PathAndQuery;

    public static async Task<BrowserPage> SignInAsync(this Browser browser, string user) =>
        (await browser.SignInAsync(await browser.GoAsync("/account"), user, AdminPlatform.Password)).AssertIs("/account");

    /// <returns>A browser in which the administrator acts as the user.</returns>
    public static async Task<Browser> ActAsync(
        this AuthServerApp app, string administrator = "root", string user = "carol", string? language = null)
    {
        var browser = new Browser(app, language);
        await browser.SignInAsync(administrator);
        var page = await browser.GoAsync(await app.LinkAsync(administrator, user));
        (await browser.SubmitAsync(page)).AssertIs("/account");
        return browser;
    }

    /// <summary>Presses the button of the banner.</summary>
    public static Task<BrowserPage> StopAsync(this Browser browser, BrowserPage page)
    {
        var banner = page.Html[page.Html.IndexOf("<form class=\"acting\"", StringComparison.Ordinal)..];
        return browser.PostAsync(
            "/account/logout", [KeyValuePair.Create("form", banner.Split("name=\"form\" type=\"hidden\" value=\"")[1].Split('"')[0])]);
    }

    public static AppLogin Console(this AuthServerApp app) =>
        new(app, AdminPlatform.Console, AdminPlatform.Secret, AdminPlatform.ConsoleAddress);

    public static Task<long> SessionsAsync(this AuthServerApp app) =>
        app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE ImpersonatorId IS NOT NULL");
}
