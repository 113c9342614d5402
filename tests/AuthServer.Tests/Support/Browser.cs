using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace AuthServer.Tests.Support;

/// <summary>
/// A browser without a display: it keeps cookies, follows redirects within the server, and sends the forms of pages. It stops when
/// it is redirected to an app.
/// </summary>
internal sealed partial class Browser : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient http;
    private readonly string issuer;

    /// <param name="issuer">An https address simulates a proxy in front of the server that terminates TLS.</param>
    /// <param name="cookies">The cookies of another browser, whose requests this one sends to another node.</param>
    public Browser(
        AuthServerApp app, string? language = null, string? userAgent = null, string issuer = "http://localhost:8400",
        CookieContainer? cookies = null)
    {
        this.issuer = issuer;
        Cookies = cookies ?? new CookieContainer();
        http = issuer.StartsWith("https:", StringComparison.Ordinal)
            ? new HttpClient(new TlsProxy(app.Http.BaseAddress!, Cookies)) { BaseAddress = new Uri(issuer) }
            : new HttpClient(app.Around(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }))
            {
                BaseAddress = app.Http.BaseAddress,
            };
        if (language is not null)
        {
            http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        }

        if (userAgent is not null)
        {
            http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        }
    }

    public CookieContainer Cookies { get; }

    /// <summary>
    /// A copy of the present cookies, for a request that is under way while the browser gets new ones, or for a thief.
    /// </summary>
    public CookieContainer CopyOfCookies()
    {
        var copy = new CookieContainer();
        foreach (Cookie cookie in Cookies.GetAllCookies())
        {
            copy.Add(new Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        }

        return copy;
    }

    /// <summary>Every header that has set or removed a cookie.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>Every response that redirected or led on, within the server or to an app.</summary>
    public List<BrowserPage> Passed { get; } = [];

    public Task<BrowserPage> GoAsync(string address) => FollowAsync(new HttpRequestMessage(HttpMethod.Get, Local(address)));

    /// <summary>Sends the first form of a page, with its hidden fields and these fields.</summary>
    public Task<BrowserPage> SubmitAsync(BrowserPage page, params (string Name, string Value)[] fields)
    {
        var form = FormTag().Match(page.Html[page.Html.IndexOf("<main", StringComparison.Ordinal)..]);
        Assert.True(form.Success, "the page has no form: " + page.Text);
        var filled = HiddenField().Matches(form.Value)
            .Select(match => (match.Groups["name"].Value, WebUtility.HtmlDecode(match.Groups["value"].Value)))
            .Concat(fields).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        var action = Attribute(form.Groups["attributes"].Value, "action") is { Length: > 0 } aim ? aim : page.Address;
        return PostAsync(action, filled);
    }

    public Task<BrowserPage> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> fields) =>
        FollowAsync(new HttpRequestMessage(HttpMethod.Post, Local(address)) { Content = new FormUrlEncodedContent(fields) });

    /// <summary>Signs in on the given page.</summary>
    public Task<BrowserPage> SignInAsync(BrowserPage page, string userName = "alice", string password = "correct-horse-apple") =>
        SubmitAsync(page.AssertIs("/account/login"), ("userName", userName), ("password", password));

    public void Dispose() => http.Dispose();

    private Uri Local(string address) =>
        new(address.StartsWith(issuer, StringComparison.Ordinal) ? address[issuer.Length..] : address, UriKind.Relative);

    private async Task<BrowserPage> FollowAsync(HttpRequestMessage request)
    {
        for (var count = 0; count < MostRedirects; count++)
        {
            using var sent = request;
            using var response = await http.SendAsync(request);
            SetCookies.AddRange(response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : []);
            var address = request.RequestUri!.IsAbsoluteUri ? request.RequestUri.PathAndQuery : request.RequestUri.OriginalString;
            var location = response.Headers.Location?.OriginalString ?? RefreshOf(response);
            var page = new BrowserPage(response.StatusCode, address, location, response.Headers, await response.Content.ReadAsStringAsync())
            {
                Method = request.Method,
            };
            if (location is not null)
            {
                lock (Passed)
                {
                    Passed.Add(page);
                }
            }

            if (location is null || !(location.StartsWith('/') || location.StartsWith(issuer, StringComparison.Ordinal)))
            {
                return page;
            }

            request = new HttpRequestMessage(HttpMethod.Get, Local(location));
        }

        throw new InvalidOperationException($"More than {MostRedirects} redirects, the last to {request.RequestUri}");
    }

    // A page that redirects at once by a Refresh header.
    private static string? RefreshOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Refresh", out var values) && values.Single().Split("; url=") is ["0", var next] ? next : null;

    private static string? Attribute(string attributes, string name) =>
        Regex.Match(attributes, name + "=\"(?<value>[^\"]*)\"") is { Success: true } match
            ? WebUtility.HtmlDecode(match.Groups["value"].Value)
            : null;

    [GeneratedRegex("<form(?<attributes>[^>]*)>.*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormTag();

    [GeneratedRegex("<input(?=[^>]*type=\"hidden\")[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenField();
}

/// <summary>The browser's present location: a page of the server, or the address of an app to which it was redirected.</summary>
internal sealed partial record BrowserPage(
    HttpStatusCode Status, string Address, string? Location, HttpResponseHeaders Headers, string Html)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    public string Path => Address.Split('?')[0];

    /// <summary>The text that a user reads.</summary>
    public string Text => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Html, " ")), " ").Trim();

    /// <summary>The parameters that the app received, in the query or in the fragment.</summary>
    public Dictionary<string, StringValues> Given =>
        QueryHelpers.ParseQuery(Location!.Contains('#', StringComparison.Ordinal) ? Location.Split('#')[1] : Location.Split('?', 2)[1]);

    /// <summary>The hidden field that proves that a form comes from this page and not from another site.</summary>
    public string FormToken => Html.Split("name=\"form\" type=\"hidden\" value=\"")[^1].Split('"')[0];

    public BrowserPage AssertIs(string path)
    {
        Assert.True(Location is null && Path == path, $"{Status} at {Address}, to {Location}: {Text}");
        return this;
    }

    /// <summary>The browser has left the server for an app.</summary>
    public BrowserPage AssertAt(string app)
    {
        Assert.True(Location?.StartsWith(app, StringComparison.Ordinal) is true, $"{Status} at {Address}, to {Location}: {Text}");
        return this;
    }

    /// <summary>An error response of RFC 6749 4.1.2.1, with the state and the issuer (RFC 9207).</summary>
    public BrowserPage AssertRefused(string error)
    {
        Assert.NotNull(Location);
        Assert.Equal(error, Given["error"]);
        Assert.Equal(AppLogin.State, Given["state"]);
        Assert.Equal("http://localhost:8400/", Given["iss"]);
        return this;
    }

    [GeneratedRegex("<(style|script).*?</\\1>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
