using System.Net;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9207, OAuth 2.0 Authorization Server Issuer Identification.</summary>
public sealed class Rfc9207IssuerTests
{
    // For each outcome: the error at its end, if any, and the steps of the app and the user.
    private static readonly Dictionary<
        string, (string? Error, Func<Browser, AppLogin, (string, string?), Task<BrowserPage>> Run)> Outcomes = new()
        {
            ["signed in"] = (null, async (browser, orders, mode) => await browser.SignInAsync(await browser.GoAsync(orders.Address(mode)))),
            ["signed in, after a pushed request"] = (null, async (browser, orders, mode) =>
                await browser.SignInAsync(await browser.GoAsync(await PushAsync(orders, mode)))),
            ["signed in already"] = (null, ComeBackAsync),
            ["not signed in"] = ("login_required", (browser, orders, mode) => browser.GoAsync(orders.Address(mode, ("prompt", "none")))),
            ["not signed in, after a pushed request"] = ("login_required", async (browser, orders, mode) =>
                await browser.GoAsync(await PushAsync(orders, mode, ("prompt", "none")))),
            ["no, thanks"] = (
                "access_denied",
                async (browser, orders, mode) => await browser.GoAsync(CancelOf(await browser.GoAsync(orders.Address(mode))))),
            ["a scope that it may not have"] = (
                "invalid_scope", (browser, orders, mode) => browser.GoAsync(orders.Address(mode, ("scope", "openid reports.close")))),
            ["prompts that exclude each other"] = (
                "invalid_request", (browser, orders, mode) => browser.GoAsync(orders.Address(mode, ("prompt", "none login")))),
            ["a request object"] = (
                "request_not_supported", (browser, orders, mode) => browser.GoAsync(orders.Address(mode, ("request", "eyJ")))),
        };

    public static TheoryData<string, string> Answers =>
        new MatrixTheoryData<string, string>(["query", "fragment", "form_post"], Outcomes.Keys);

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Section_2_The_issuer_is_in_each_response(string mode, string outcome)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var page = await Outcomes[outcome].Run(browser, orders, ("response_mode", mode));

        var given = mode is "form_post" ? FormOf(page, orders) : QueryHelpers.ParseQuery(
            page.AssertAt(orders.RedirectUri + (mode is "query" ? "?" : "#")).Location!.Split('?', '#')[1])
            .ToDictionary(field => field.Key, field => field.Value.ToString());
        Assert.Equal(Outcomes[outcome].Error, given.GetValueOrDefault("error"));
        Assert.Equal(Outcomes[outcome].Error is null, given.ContainsKey("code"));
        Assert.Equal(("http://localhost:8400/", AppLogin.State), (given["iss"], given["state"]));
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Section_3_The_metadata_announce_the_parameter_and_name_the_same_issuer(string address)
    {
        await using var app = await AuthServerApp.StartAsync();

        var metadata = await Answer.ReadAsync(await app.Http.GetAsync(new Uri(address, UriKind.Relative)));

        Assert.Equal(("True", "http://localhost:8400/"), (metadata["authorization_response_iss_parameter_supported"], metadata["issuer"]));
    }

    private static async Task<BrowserPage> ComeBackAsync(Browser browser, AppLogin login, (string, string?) mode)
    {
        await login.CodeAsync(browser);
        return await browser.GoAsync(login.Address(mode, ("prompt", "none")));
    }

    private static async Task<string> PushAsync(AppLogin login, params (string, string?)[] changes)
    {
        var pushed = await login.Client.PostAsync("/connect/par", login.Parameters(changes));
        return QueryHelpers.AddQueryString(
            "/connect/authorize", new Dictionary<string, string?> { ["client_id"] = Seed.Orders, ["request_uri"] = pushed["request_uri"] });
    }

    private static string CancelOf(BrowserPage page) =>
        WebUtility.HtmlDecode(page.Html.Split("href=\"").Single(part => part.Contains("denied=1", StringComparison.Ordinal)).Split('"')[0]);

    private static Dictionary<string, string> FormOf(BrowserPage page, AppLogin login)
    {
        Assert.Contains($"action=\"{login.RedirectUri}\"", page.Html, StringComparison.Ordinal);
        return page.Html.Split("name=\"")[1..].Select(part => part.Split('"'))
            .ToDictionary(parts => parts[0], parts => WebUtility.HtmlDecode(parts[2]));
    }
}
