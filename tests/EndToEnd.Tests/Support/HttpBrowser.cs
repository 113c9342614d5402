using System.Net;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Support;

/// <summary>
/// A browser without a display. A test can see and change each step. It keeps cookies, and follows a redirect only when told to.
/// </summary>
internal sealed partial class HttpBrowser : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient http;

    public HttpBrowser()
    {
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false, UseProxy = false });
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public CookieContainer Cookies { get; } = new();

    public async Task<Shown> GetAsync(Uri address) => await Shown.ReadAsync(await http.GetAsync(address), address);

    public async Task<Shown> PostAsync(Uri address, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Shown.ReadAsync(await http.PostAsync(address, form), address);
    }

    /// <summary>Sends the form of a page, with its hidden fields and these fields.</summary>
    public Task<Shown> SubmitAsync(Shown page, string? action = null, params (string Name, string Value)[] fields) =>
        PostAsync(action is null ? page.Address : new Uri(page.Address, action),
            [.. fields, .. Field().Matches(page.Html).Take(1).Select(field => (field.Groups["name"].Value, field.Groups["value"].Value))]);

    /// <summary>Follows all redirects, except to an address that begins with <paramref name="until"/>.</summary>
    public async Task<Shown> FollowAsync(Shown page, string? until = null)
    {
        for (var count = 0; page.Location is { } next
            && (until is null || !next.PathAndQuery.StartsWith(until, StringComparison.Ordinal)); count++)
        {
            Assert.True(count < MostRedirects, $"more than {MostRedirects} redirects, the last to {next}");
            page = await GetAsync(next);
        }

        return page;
    }

    /// <summary>Signs in at the issuer, up to the redirect that leads back to the app.</summary>
    /// <returns>The app's address in that redirect, which has not been requested yet.</returns>
    public async Task<Uri> SignInUpToCallbackAsync(
        Uri app, string returnUrl = "/", string userName = "alice", string password = "correct-horse-apple")
    {
        var page = await FollowAsync(
            await GetAsync(new Uri(app, "/account/signin?returnUrl=" + Uri.EscapeDataString(returnUrl))), "/account/callback");
        if (page.Location is null)
        {
            page = await FollowAsync(await SubmitAsync(page, null, ("userName", userName), ("password", password)), "/account/callback");
        }

        Assert.True(page.Location is not null, page.Html);
        return page.Location;
    }

    public void Dispose() => http.Dispose();

    // The hidden field that proves where a form comes from, in SampleClient and at the issuer.
    [GeneratedRegex(
        "name=\"(?<name>__RequestVerificationToken|form)\" type=\"hidden\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}

/// <summary>The response of a server.</summary>
internal sealed record Shown(HttpStatusCode Status, Uri Address, Uri? Location, string Html)
{
    public static async Task<Shown> ReadAsync(HttpResponseMessage answer, Uri address)
    {
        using (answer)
        {
            // Also a page that redirects at once by a Refresh header.
            var location = answer.Headers.Location
                ?? (answer.Headers.TryGetValues("Refresh", out var values) && values.Single().Split("; url=") is ["0", var next]
                    ? new Uri(next, UriKind.RelativeOrAbsolute)
                    : null);
            return new Shown(
                answer.StatusCode, address, location is null ? null : new Uri(address, location), await answer.Content.ReadAsStringAsync());
        }
    }

    public Shown AssertSays(string text, HttpStatusCode status)
    {
        Assert.Contains(text, Html, StringComparison.Ordinal);
        Assert.Equal(status, Status);
        Assert.DoesNotContain("   at ", Html, StringComparison.Ordinal);
        return this;
    }
}
