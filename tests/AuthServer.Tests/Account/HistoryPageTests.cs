using System.Text.RegularExpressions;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Account;

/// <summary>"Account activity" shows the audit to the person.</summary>
public sealed partial class HistoryPageTests
{
    private const string History = "/account/manage/history";

    [Fact]
    public async Task Each_entry_says_what_was_done_to_what_by_whom_and_from_where()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app, "ko", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        using var passkey = new VirtualAuthenticator();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        await browser.AddPasskeyAsync(passkey, "Key ring");
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        (await cli.RunAsync("user", "role", "add", "alice", "admin")).AssertOk();
        (await cli.RunAsync("session", "end", "--user", "alice", "--client", "orders", "--yes")).AssertOk();

        var english = Entries((await browser.GoAsync(History + "?ui_locales=en")).Html);
        var korean = Entries((await browser.GoAsync(History + "?ui_locales=ko")).Html);

        Assert.Equal(
            [
                "Account created · This service",
                "Device signed out · An administrator",
                "Passkey added: Key ring · You · Firefox · Linux · 127.0.0.1",
                "Role added: admin · An administrator",
                "Signed in on a new device · You · Firefox · Linux · 127.0.0.1",
            ],
            english.Order(StringComparer.Ordinal));
        Assert.Contains("패스키를 추가함: Key ring · 본인 · Firefox · Linux · 127.0.0.1", korean);
        Assert.Contains("역할을 부여함: admin · 관리자", korean);
    }

    [Fact]
    public async Task Entries_are_paged_and_an_invalid_cursor_shows_the_first_page()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        await app.SqlAsync("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 65)
            INSERT INTO AuditEvents (Id, At, ActorKind, ActorId, Action, TargetKind, TargetId, IsRefused, PersonId, Changes)
            SELECT printf('0199A0C4-0000-7000-8000-%012d', i), At, ActorKind, ActorId, 'user.role_given', TargetKind, TargetId, 0, PersonId,
                '{"role":{"after":"role-' || i || '"}}'
            FROM n, AuditEvents WHERE Action = 'sign_in.passed'
            """);

        var (seen, address) = (new List<string>(), History);
        for (var count = 0; count < 3; count++)
        {
            var page = await browser.GoAsync(address);
            seen.AddRange(Entries(page.Html));
            address = Next().Match(page.Html) is { Success: true } next ? System.Net.WebUtility.HtmlDecode(next.Groups["address"].Value) : "";
        }

        Assert.Equal("", address);
        Assert.Equal(67, seen.Count);
        Assert.Equal(67, seen.Distinct().Count());
        var first = Entries((await browser.GoAsync(History)).Html);
        foreach (var cursor in new[] { "x", "1", "-", "99999999999999999999-00000000000000000000000000000000", "9223372036854775807-" + new string('0', 32), "1-1-1" })
        {
            Assert.Equal(first, Entries((await browser.GoAsync($"{History}?before={cursor}")).Html));
        }
    }

    [Fact]
    public async Task Equal_entries_in_a_row_are_one_with_their_number()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        for (var count = 0; count < 3; count++)
        {
            var form = await browser.GoAsync("/account/manage/data");
            await browser.PostAsync("/account/manage/data?handler=download", [new("form", form.FormToken)]);
        }

        Assert.Contains("Data downloaded 3 times · You · 127.0.0.1", Entries((await browser.GoAsync(History)).Html));
    }

    [Fact]
    public async Task What_a_version_before_the_audit_has_noted_comes_last_and_in_the_downloaded_data()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        await app.SqlAsync($"""
            INSERT INTO AccountEvents (UserId, Id, At, Kind, Address)
            SELECT Id, '0199A0C4-0000-7000-8000-000000000001', {app.Clock.GetUtcNow().AddDays(-30).UtcTicks}, 'AuthenticatorOff', '192.0.2.7'
            FROM Users WHERE UserName = 'alice'
            """);

        var form = await browser.GoAsync("/account/manage/data");
        var file = await browser.PostAsync("/account/manage/data?handler=download", [new("form", form.FormToken)]);

        Assert.Equal("Two-step sign-in turned off · 192.0.2.7", Entries((await browser.GoAsync(History)).Html)[^1]);
        Assert.Matches("\"kind\": \"AuthenticatorOff\"[^}]*\"address\": \"192.0.2.7\"", file.Html);
        Assert.Contains("\"kind\": \"NewDevice\"", file.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sees_what_happened_to_another_account()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var alice = new Browser(app);
        using var passkey = new VirtualAuthenticator();
        await alice.AddPasskeyAsync(passkey, "Key ring");
        using var bob = new Browser(app);

        var page = await bob.SignInAsync(await bob.GoAsync(History), "bob", "correct-horse-birch");

        Assert.DoesNotContain("Key ring", page.Text, StringComparison.Ordinal);
        Assert.Contains("Signed in on a new device", page.Text, StringComparison.Ordinal);
    }

    // Each entry in one line, without its time.
    private static List<string> Entries(string html) =>
    [
        .. Entry().Matches(html).Select(match => Spaces().Replace(
            System.Net.WebUtility.HtmlDecode(Tags().Replace(Time().Replace(match.Value, ""), " ")), " ").Trim()
            .Replace(" :", ":", StringComparison.Ordinal)),
    ];

    [GeneratedRegex("<li>\\s*<div>.*?</div>\\s*</li>", RegexOptions.Singleline)]
    private static partial Regex Entry();

    [GeneratedRegex("<time.*?</time>")]
    private static partial Regex Time();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("href=\"(?<address>/[^\"]*\\?before=[^\"]*)\"")]
    private static partial Regex Next();
}
