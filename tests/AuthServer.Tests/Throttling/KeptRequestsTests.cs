using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Throttling;

/// <summary>The number of requests that are stored in the database is limited for each client address.</summary>
public sealed class KeptRequestsTests
{
    private const string MadeUp = "request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

    private static readonly (string, string) Few = ("Throttling:AuthorizationRequestsPerAddress", "3");

    [Theory]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/endsession")]
    public async Task A_form_is_not_exempt_because_of_its_query(string path)
    {
        await using var app = await AuthServerApp.StartAsync(Few);
        var form = AppLogin.Orders(app).Parameters();

        Assert.Equal(HttpStatusCode.TooManyRequests, await LastStatusAsync(app, 4, () => Post($"{path}?{MadeUp}", form)));
        Assert.InRange(await app.CountAsync("SELECT COUNT(*) FROM Tokens"), 0, 3);
    }

    [Theory]
    [InlineData("/connect/authorize?client_id=orders&" + MadeUp)]
    [InlineData("/connect/endsession?" + MadeUp)]
    [InlineData("/connect/authorize?client_id=orders&request_uri=anything")]
    public async Task The_name_of_an_unknown_request_counts(string address)
    {
        await using var app = await AuthServerApp.StartAsync(Few);

        Assert.Equal(HttpStatusCode.TooManyRequests, await LastStatusAsync(app, 4, () => new HttpRequestMessage(HttpMethod.Get, address)));
    }

    [Fact]
    public async Task The_name_of_a_stored_request_does_not_count()
    {
        await using var app = await AuthServerApp.StartAsync(Few);
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = (await browser.GoAsync(orders.Address())).AssertIs("/account/login");
        var back = WebUtility.UrlDecode(page.Address.Split("returnUrl=")[1].Split('&')[0]);

        for (var count = 0; count < 8; count++)
        {
            (await browser.GoAsync(back)).AssertIs("/account/login");
        }

        Assert.NotEmpty(orders.CodeOf(await browser.SignInAsync(page)));
    }

    [Theory]
    [InlineData("/connect/par")]
    [InlineData("/connect/device")]
    public async Task Stored_requests_of_a_public_client_count_for_its_address(string path)
    {
        await using var app = await AuthServerApp.StartAsync(Few);
        var phone = new AppLogin(app, "phone", secret: null, "http://127.0.0.1/callback");
        (string, string)[] form = path is "/connect/par"
            ? phone.Parameters(("scope", "openid"))
            : [("client_id", "console"), ("scope", "openid")];
        for (var count = 0; count < 3; count++)
        {
            using var passed = await app.Http.SendAsync(Post(path, form));
            Assert.True(passed.IsSuccessStatusCode, await passed.Content.ReadAsStringAsync());
        }

        var refused = await Answer.ReadAsync(await app.Http.SendAsync(Post(path, form)));

        refused.AssertRefused("temporarily_unavailable", HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(20), refused.Headers.RetryAfter?.Delta);
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        using var later = await app.Http.SendAsync(Post(path, form));
        Assert.True(later.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_authenticated_app_may_push_requests_for_all_its_users()
    {
        await using var app = await AuthServerApp.StartAsync(Few);
        var orders = AppLogin.Orders(app);
        for (var count = 0; count < 5; count++)
        {
            Assert.Equal(HttpStatusCode.Created, (await orders.Client.PostAsync("/connect/par", orders.Parameters())).Status);
        }
    }

    private static HttpRequestMessage Post(string address, (string Name, string Value)[] form) => new(HttpMethod.Post, address)
    {
        Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
    };

    private static async Task<HttpStatusCode> LastStatusAsync(AuthServerApp app, int times, Func<HttpRequestMessage> request)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = app.Http.BaseAddress };
        var last = HttpStatusCode.Unused;
        for (var count = 0; count < times; count++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, last);
            using var response = await http.SendAsync(request());
            last = response.StatusCode;
        }

        return last;
    }
}
