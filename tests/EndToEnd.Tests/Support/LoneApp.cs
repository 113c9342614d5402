using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Support;

/// <summary>SampleClient as it runs in production: in an empty folder, and with nobody there unless an issuer is given.</summary>
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

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(path);

    /// <summary>The sign-in form as a browser sends it: with the cookie and the hidden field of the page, Secure or not.</summary>
    /// <param name="userName">The password is always the same.</param>
    /// <param name="change">To what is sent.</param>
    public async Task<HttpResponseMessage> SignInAsync(string userName, Action<HttpRequestMessage>? change = null)
    {
        using var page = await http.GetAsync("/account/signin");
        var field = Field().Match(await page.Content.ReadAsStringAsync()).Groups["value"].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/signin")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = field,
                ["userName"] = userName,
                ["password"] = "correct-horse-apple",
            }),
        };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        change?.Invoke(request);
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        handler.Dispose();
        await Program.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [GeneratedRegex("__RequestVerificationToken\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
