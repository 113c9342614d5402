using System.Net;
using AuthServer.Tests.Sessions;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Account;

/// <summary>What an administrator can do on our pages while they act as a user: look at some of them, and stop.</summary>
public sealed class ImpersonationPagesTests
{
    // Everything else is refused, also a page that nobody has thought about.
    private static readonly string[] Readable =
        ["account", "account/index", "account/manage/apps", "account/manage/history", "account/manage/sessions", "account/select",
            "account/logout", "error"];

    // What is no page, and why an administrator in the user's place can do nothing with it.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["/"] = "leads to the account",
        ["/.well-known/change-password"] = "leads to a page that is refused",
        ["/.well-known/oauth-protected-resource/api/admin/v1"] = "metadata",
        ["/.well-known/security.txt"] = "a text",
        ["/account/strength"] = "rates a password, and changes nothing",
        ["/assets/{name}"] = "files",
        ["/connect/authorize"] = "ImpersonatedRequestTests",
        ["/connect/endsession"] = "ends the session",
        ["/connect/token"] = "does not look at the browser",
        ["/connect/userinfo"] = "does not look at the browser",
        ["/health/live"] = "health",
        ["/health/ready"] = "health",
    };

    [Fact]
    public async Task Every_page_is_refused_unless_it_is_among_those_that_may_be_read()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();
        var token = (await browser.GoAsync("/account")).FormToken;
        var (pages, others) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null)
            {
                others.Add(pattern.Length > 1 ? pattern.TrimEnd('/') : pattern);
            }
            else
            {
                pages.Add(pattern.ToLowerInvariant());
            }
        }

        Assert.True(pages.Count > 25, $"{pages.Count} pages");
        Assert.Subset(pages, Readable.ToHashSet());
        var problems = new List<string>();
        foreach (var page in pages)
        {
            var read = await browser.GoAsync("/" + page);
            Check(page, "GET", read, Readable.Contains(page));

            // The form of this page is the one that stops.
            if (page is not "account/logout")
            {
                Check(page, "POST", await browser.PostAsync("/" + page, [KeyValuePair.Create("form", token)]), page is "error");
            }
        }

        Assert.True(problems.Count is 0, string.Join('\n', problems));
        Assert.Equal(
            Others.Keys.Order(StringComparer.Ordinal),
            others.Where(path => !path.StartsWith("/api/admin/v1", StringComparison.Ordinal)));

        void Check(string page, string method, BrowserPage answer, bool isAllowed)
        {
            var isRefused = answer.Status is HttpStatusCode.Forbidden
                && answer.Text.Contains("You can’t do this while acting as someone else", StringComparison.Ordinal);
            if (isRefused == isAllowed)
            {
                problems.Add($"{method} /{page}: {answer.Status} at {answer.Address}: {answer.Text[..Math.Min(answer.Text.Length, 150)]}");
            }

            if (answer.Status is not HttpStatusCode.NotFound && !answer.Html.Contains("class=\"acting\"", StringComparison.Ordinal))
            {
                problems.Add($"{method} /{page} has no banner: {answer.Status}");
            }
        }
    }

    [Theory]
    [InlineData("en", "root, you’re acting as carol until")]
    [InlineData("ko", "root 님이 carol 님을 대신해 이용 중입니다")]
    public async Task A_banner_says_who_acts_as_whom_until_when_and_its_button_ends_it(string language, string text)
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync(language: language);
        var until = app.Clock.GetUtcNow() + TimeSpan.FromMinutes(20);
        foreach (var address in new[] { "/account", "/account/manage/sessions", "/account/manage/password", "/account/nothing", "/account/logout" })
        {
            var shown = await browser.GoAsync(address);
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
            Assert.Contains($"<time datetime=\"{until.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z\">", shown.Html, StringComparison.Ordinal);
        }

        var copy = browser.CopyOfCookies();
        var stopped = (await browser.StopAsync(await browser.GoAsync("/account"))).AssertIs("/account/logout");

        Assert.DoesNotContain("class=\"acting\"", stopped.Html, StringComparison.Ordinal);
        (await browser.GoAsync("/account")).AssertIs("/account/login");
        using var thief = new Browser(app, cookies: copy);
        (await thief.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal("signed_out", await app.TextAsync("SELECT EndReason FROM Sessions WHERE ImpersonatorId IS NOT NULL"));
    }

    [Fact]
    public async Task The_user_gets_a_mail_sees_the_reason_and_ends_it()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();
        var orders = AppLogin.Orders(app);
        var tokens = (await orders.RedeemAsync(orders.CodeOf(await browser.GoAsync(orders.Address())))).AssertOk();

        var mail = await new Mailbox(app, "carol@example.test").NextAsync();
        Assert.Equal("An administrator is using your AuthPlatform account", mail.Subject);
        Assert.Contains($"Reason: {ImpersonationScene.Reason}", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("/account/manage/sessions", Mailbox.LinkOf(mail));

        using var own = new Browser(app, userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        await own.SignInAsync("carol");
        var sessions = await own.GoAsync("/account/manage/sessions");
        Assert.Contains($"An administrator is acting as you", sessions.Text, StringComparison.Ordinal);
        Assert.Contains($"Reason: {ImpersonationScene.Reason}", sessions.Text, StringComparison.Ordinal);
        var history = (await own.GoAsync("/account/manage/history")).Text;
        Assert.Contains($"Administrator acted as you : {ImpersonationScene.Reason}", history, StringComparison.Ordinal);

        var id = (await app.TextAsync("SELECT Id FROM Sessions WHERE ImpersonatorId IS NOT NULL")).ToLowerInvariant();
        await own.SubmitAsync(sessions, ("id", id));

        (await browser.GoAsync("/account")).AssertIs("/account/login");
        (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Contains("Administrator stopped acting as you", (await own.GoAsync("/account/manage/history")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_time_is_a_mail_and_the_audit_has_who_acted_and_why()
    {
        await using var app = await ImpersonationScene.StartAsync();
        var (root, carol) = ((await app.IdOfAsync("root")).ToString(), (await app.IdOfAsync("carol")).ToString());
        using (var first = await app.ActAsync())
        {
            var orders = AppLogin.Orders(app);
            orders.CodeOf(await first.GoAsync(orders.Address()));
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await first.StopAsync(await first.GoAsync("/account"));
        }

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await app.ActAsync();
        var mailbox = new Mailbox(app, "carol@example.test");
        Assert.Equal((await mailbox.NextAsync()).Subject, (await mailbox.NextAsync()).Subject);
        await mailbox.AssertEmptyAsync();

        var administrator = await app.AdminAsync("root");
        var events = (await administrator.GetAsync($"audit?person={carol}")).AssertOk().Json.GetProperty("items").EnumerateArray()
            .Where(entry => entry.GetProperty("action").GetString() is "impersonation.started" or "impersonation.ended" or "session.app_signed_in")
            .ToList();
        Assert.Equal(
            ["impersonation.started", "impersonation.ended", "session.app_signed_in", "impersonation.started"],
            events.Select(entry => entry.GetProperty("action").GetString()));
        Assert.All(events, entry => Assert.Equal(root, entry.GetProperty("actor").GetProperty("id").GetString()));
        Assert.Equal(
            ImpersonationScene.Reason, events[0].GetProperty("changes").GetProperty("impersonationReason").GetProperty("after").GetString());
        Assert.Equal(0, await app.CountAsync($"SELECT COUNT(*) FROM AuditEvents WHERE Changes LIKE '%4711%'"));

        var shown = (await administrator.GetAsync($"sessions?user={carol}")).AssertOk().Json.GetProperty("items")[0];
        Assert.Equal(root, shown.GetProperty("impersonatedBy").GetString());
        Assert.Equal(ImpersonationScene.Reason, shown.GetProperty("impersonationReason").GetString());
        Assert.Equal(root, (await administrator.GetAsync($"sessions/{shown.GetProperty("id")}")).AssertOk()["impersonatedBy"]);
        await app.StopAsync();
        Assert.DoesNotContain(app.Log, line => line.Contains("4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_users_own_sign_ins_and_marks_stay_as_they_were()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var own = new Browser(app);
        await own.SignInAsync("carol");
        var before = await app.TextAsync("SELECT group_concat(Id || UserName || SecurityStamp || ConcurrencyStamp || coalesce(Language, '')) FROM Users WHERE UserName = 'carol'");

        using (var browser = await app.ActAsync())
        {
            await browser.GoAsync("/account?ui_locales=ko");
            await browser.StopAsync(await browser.GoAsync("/account"));
        }

        Assert.Equal(before, await app.TextAsync("SELECT group_concat(Id || UserName || SecurityStamp || ConcurrencyStamp || coalesce(Language, '')) FROM Users WHERE UserName = 'carol'"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM SignInFailures"));
        (await own.GoAsync("/account")).AssertIs("/account");
    }

    [Fact]
    public async Task A_name_a_reason_and_a_link_are_shown_as_text()
    {
        await using var app = await ImpersonationScene.StartAsync();
        const string Script = "<script>alert(1)</script> https://evil.example/";
        await app.SqlAsync($"UPDATE Users SET DisplayName = '{Script}' WHERE UserName = 'root'");
        using var browser = new Browser(app);
        await browser.SignInAsync("root");
        var link = new Uri((await (await app.AdminAsync("root")).AskAsync(app, reason: Script))["link"]!).PathAndQuery;
        var page = await browser.GoAsync(link);
        var acting = await browser.SubmitAsync(page);
        using var own = new Browser(app);
        await own.SignInAsync("carol");

        foreach (var shown in new[] { page, acting, await own.GoAsync("/account/manage/sessions"), await own.GoAsync("/account/manage/history") })
        {
            Assert.DoesNotContain("<script>alert", shown.Html, StringComparison.Ordinal);
        }

        var mail = await new Mailbox(app, "carol@example.test").NextAsync();
        Assert.DoesNotContain("<script>alert", mail.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("https://evil.example", mail.HtmlBody, StringComparison.Ordinal);
    }
}
