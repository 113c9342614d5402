using System.Net;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Support;

/// <summary>SampleClient as in production, in an empty folder. Its issuer does not answer unless a test sets one.</summary>
internal sealed partial class LoneApp : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lone-app-");
    private readonly HttpClientHandler handler = new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
    private readonly HttpClient http;

    public LoneApp(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["App:Name"] = "Lone",
            ["App:ClientId"] = "orders",
            ["App:ClientSecret"] = Platform.OrdersSecret,
            ["App:DataDirectory"] = Data,
            ["Issuer:Authority"] = "http://localhost:1",
            ["Api:BaseAddress"] = "http://localhost:1",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        Program = new RunningProgram("SampleClient", all, folder.FullName);
        http = new HttpClient(handler) { BaseAddress = Program.Address };
    }

    public RunningProgram Program { get; }

    public string Data => Path.Combine(folder.FullName, "data");

    public static async Task<LoneApp> StartedAsync(params (string Key, string Value)[] settings)
    {
        var app = new LoneApp(settings);
        await app.Program.StartAsync();
        return app;
    }

    /// <param name="path">A path of the app.</param>
    /// <param name="cookies">The values of the header Cookie. Secure cookies are sent, too.</param>
    public Task<HttpResponseMessage> GetAsync(string path, params string[] cookies) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cookies);

    public Task<HttpResponseMessage> PostAsync(string path, string[] cookies, params (string Name, string Value)[] fields) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        },
        cookies);

    /// <summary>Sends the form of the password grant as a browser does, with the cookie and the hidden field of the page.</summary>
    /// <param name="userName">The user; the password is always the same.</param>
    /// <param name="change">Changes the request.</param>
    /// <param name="session">The cookie of an earlier session.</param>
    public async Task<HttpResponseMessage> SignInAsync(string userName, Action<HttpRequestMessage>? change = null, string? session = null)
    {
        var form = await FormAsync("/account/password", session);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/password")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = form.Field,
                ["userName"] = userName,
                ["password"] = "correct-horse-apple",
            }),
        };
        request.Headers.Add("Cookie", form.Cookies);
        change?.Invoke(request);
        return await http.SendAsync(request);
    }

    /// <returns>The session cookie.</returns>
    public async Task<string> SignedInAsync(string userName, string? session = null)
    {
        using var answer = await SignInAsync(userName, session: session);
        Assert.True(answer.StatusCode is HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync() + Program.Log);
        return CookiesOf(answer).Single(cookie => cookie.StartsWith("Lone.Session=", StringComparison.Ordinal));
    }

    /// <summary>The page that the user of this session sees, after all redirects.</summary>
    public async Task<string> StartPageAsync(string session)
    {
        using var answer = await GetAsync("/", session);
        using var page = answer.Headers.Location is { } next ? await GetAsync(next.OriginalString, session) : answer;
        return await page.Content.ReadAsStringAsync();
    }

    /// <summary>Sends the issuer's logout request, without a cookie.</summary>
    public async Task<(HttpStatusCode Status, string? CacheControl, string Body)> LogOutAsync(string? token)
    {
        using var answer = await PostAsync("/account/backchannel-logout", [], token is null ? [] : [("logout_token", token)]);
        return (answer.StatusCode, answer.Headers.CacheControl?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A page with a form, and the field and cookies that are sent with the form.</summary>
    public async Task<(string Page, string Field, string[] Cookies)> FormAsync(string path, string? session)
    {
        string[] before = session is null ? [] : [session];
        using var answer = await GetAsync(path, before);
        var page = await answer.Content.ReadAsStringAsync();
        return (page, Field().Match(page).Groups["value"].Value, [.. before, .. CookiesOf(answer)]);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        handler.Dispose();
        await Program.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string[] cookies)
    {
        using (request)
        {
            request.Headers.Add("Cookie", cookies);
            return await http.SendAsync(request);
        }
    }

    private static IEnumerable<string> CookiesOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Select(cookie => cookie.Split(';')[0]) : [];

    [GeneratedRegex("__RequestVerificationToken\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
