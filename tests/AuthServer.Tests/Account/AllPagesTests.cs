using System.Text;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Account;

/// <summary>
/// Properties of every page. RFC 9700 4.16: no other site can frame it, run scripts in it or send its forms. And it is small.
/// </summary>
public sealed partial class AllPagesTests
{
    public static TheoryData<string> Names => [.. Scene.Pages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_page_belongs_to_this_site_alone_and_is_small(string name)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await Scene.Pages[name](new Scene(app, browser));

        Assert.Contains("<main", page.Html, StringComparison.Ordinal);
        AssertPolicy(page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());

        // Each field says in autocomplete what the user types there.
        Assert.DoesNotMatch("""<input(?![^>]*\sautocomplete="[a-z])(?![^>]*\stype="(hidden|checkbox)")""", page.Html);

        // Code that the policy would block.
        Assert.DoesNotMatch("""\sstyle="|\son\w+="|<style|<script(?![^>]*\ssrc=)|javascript:""", page.Html);
        Assert.InRange(Encoding.UTF8.GetByteCount(page.Html) + await SizeOfAssetsAsync(app, page), 1, 60_000);
    }

    [Theory]
    [InlineData("sign in")]
    [InlineData("sign in, for an app")]
    [InlineData("sign in, after a wrong password")]
    [InlineData("code")]
    [InlineData("register")]
    [InlineData("activate")]
    [InlineData("forgotten password")]
    [InlineData("reset")]
    [InlineData("email change, by its link")]
    [InlineData("not me")]
    [InlineData("consent")]
    [InlineData("device, question")]
    [InlineData("sign out")]
    [InlineData("password")]
    [InlineData("email")]
    [InlineData("authenticator")]
    [InlineData("authenticator, on", 2)]
    [InlineData("passkeys", 3)]
    [InlineData("sessions")]
    [InlineData("connected apps")]
    [InlineData("data", 2)]
    public async Task A_form_sent_by_another_site_does_nothing_and_says_so(string name, int count = 1)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var scene = new Scene(app, browser);
        var page = await Scene.Pages[name](scene);
        var forms = FormTag().Matches(page.Html).Select(match => match.Value).ToList();
        Assert.Equal(count, forms.Count);
        var before = await StateAsync(app);

        foreach (var form in forms)
        {
            Assert.Contains("name=\"form\"", form, StringComparison.Ordinal);
            var forged = page with { Html = "<main>" + form.Replace("name=\"form\"", "name=\"other\"", StringComparison.Ordinal) };
            var answer = await browser.SubmitAsync(forged, scene.Filled(form));

            Assert.Contains("expired=1", answer.Address, StringComparison.Ordinal);
            Assert.Equal(before, await StateAsync(app));
        }

        // The same form works when this site's page sends it, so it was refused because of its origin.
        await browser.SubmitAsync(page with { Html = "<main>" + forms[^1] }, scene.Filled(forms[^1]));
        Assert.NotEqual(before, await StateAsync(app));
    }

    [Theory]
    [InlineData("sign in", "userName: username webauthn, password: current-password")]
    [InlineData("code", "code: one-time-code")]
    [InlineData("register", "email: email")]
    [InlineData("activate", "displayName: name, userName: username, new: new-password")]
    [InlineData("forgotten password", "userName: username")]
    [InlineData("reset", "userName: username, new: new-password")]
    [InlineData("password", "userName: username, current: current-password, new: new-password")]
    [InlineData("email", "email: email")]
    [InlineData("authenticator", "code: one-time-code")]
    [InlineData("data", "password: current-password")]
    public async Task A_password_manager_knows_what_to_fill_in(string name, string fields)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await Scene.Pages[name](new Scene(app, browser));

        Assert.Equal(
            fields,
            string.Join(", ", Field().Matches(page.Html).Select(match => $"{match.Groups["name"]}: {match.Groups["autocomplete"]}")));
    }

    private static void AssertPolicy(string policy)
    {
        var directives = policy.Split("; ").Select(directive => directive.Split(' ')).ToDictionary(words => words[0], words => words[1..]);
        foreach (var (directive, expected) in new[]
        {
            ("default-src", "'none'"), ("style-src", "'self'"), ("script-src", "'self'"), ("connect-src", "'self'"),
            ("form-action", "'self'"), ("base-uri", "'none'"), ("frame-ancestors", "'none'"),
        })
        {
            Assert.Equal([expected], directives[directive]);
            directives.Remove(directive);
        }

        // Images and frames may come from apps, each allowed by its origin.
        Assert.Subset(new HashSet<string>(["img-src", "frame-src"]), directives.Keys.ToHashSet());
        Assert.All(
            directives,
            directive => Assert.All(directive.Value, source => Assert.Matches("^('self'|data:|https://[a-z]+\\.example)$", source)));
    }

    private static async Task<int> SizeOfAssetsAsync(AuthServerApp app, BrowserPage page)
    {
        var assets = page.Html.Split('"').Where(part => part.StartsWith("/assets/", StringComparison.Ordinal)).ToHashSet();
        Assert.InRange(assets.Count, 2, 4);
        var size = 0;
        foreach (var asset in assets)
        {
            using var response = await app.Http.GetAsync(new Uri(asset, UriKind.Relative));
            Assert.Equal(
                "public, max-age=31536000, immutable",
                string.Join(", ", response.EnsureSuccessStatusCode().Headers.GetValues("Cache-Control")));
            size += (await response.Content.ReadAsByteArrayAsync()).Length;
        }

        return size;
    }

    // Everything that a form can change, once all mails have been sent.
    private static async Task<string> StateAsync(AuthServerApp app)
    {
        for (var count = 0; count < 100 && await app.CountAsync("SELECT COUNT(*) FROM Mails") > 0; count++)
        {
            await Task.Delay(50);
        }

        var state = new StringBuilder().Append(Directory.Exists(app.MailFolder) ? Directory.GetFiles(app.MailFolder, "*.eml").Length : 0);
        await using var connection = new SqliteConnection($"Data Source={app.DatabasePath}");
        await connection.OpenAsync();
        foreach (var table in new[] { "Users", "UserPasskeys", "Authenticators", "Sessions", "Authorizations", "Tokens" })
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // text of this file
            command.CommandText = $"SELECT * FROM {table} ORDER BY 1";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                state.Append('\n').AppendJoin('|', Enumerable.Range(0, reader.FieldCount)
                    .Select(field => reader.GetValue(field) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(field)));
            }
        }

        return state.ToString();
    }

    [GeneratedRegex("<form[^>]*method=\"post\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormTag();

    [GeneratedRegex("<input[^>]*name=\"(?<name>[^\"]*)\"[^>]*autocomplete=\"(?<autocomplete>[^\"]*)\"")]
    private static partial Regex Field();
}
