using System.Text.Json;
using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Tests.SecurityLog;

public sealed class SecurityLogTests
{
    private const string Wrong = "wrong-password-here";

    [Fact]
    public async Task Each_sign_in_and_each_refused_sign_in_of_a_user_is_one_event()
    {
        await using var app = await AuthServerApp.StartAsync(("Compatibility:DjangoRestFrameworkJwt", "terminal"));
        using var browser = new Browser(app);
        var alice = await app.TextAsync("SELECT lower(Id) FROM Users WHERE UserName = 'alice'");

        await browser.SignInAsync(await browser.GoAsync(AppLogin.Orders(app).Address()), "alice", Wrong);
        await browser.SignInAsync(await browser.GoAsync("/account/login"), "nobody-of-this-name", Wrong);
        await app.Client("terminal").SignInAsync("alice", Wrong, "notes.read");
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", Wrong, "notes.read");
        using var form = new FormUrlEncodedContent([new("username", "alice"), new("password", Wrong)]);
        await app.Http.PostAsync("/api-token-auth/", form);
        await browser.SendPasskeyAsync(await browser.GoAsync("/account/login"), "{}");
        await browser.SignInAsync(await browser.GoAsync(AppLogin.Orders(app).Address()));
        (await app.Client("terminal").SignInAsync("alice", "correct-horse-apple", "notes.read")).AssertOk();

        Assert.Equal(
            [
                ("Warning", "password-refused", "The password is wrong.", "orders", alice, "/account/login"),
                ("Warning", "password-refused", "There is no such account.", null, null, "/account/login"),
                ("Warning", "password-refused", "The password is wrong.", "terminal", alice, "/connect/token"),
                ("Warning", "password-refused", "The password is wrong.", "orders", alice, "/connect/token"),
                ("Warning", "password-refused", "The password is wrong.", "terminal", alice, "/api-token-auth/"),
                ("Warning", "passkey-refused", "The browser has no challenge to answer.", null, null, "/account/login"),
                ("Information", "signed-in", "pwd", "orders", alice, "/account/login"),
                ("Information", "signed-in", "pwd", "terminal", alice, "/connect/token"),
            ],
            (await EventsAsync(app)).Select(line => (
                Text(line, "@l") ?? "Information", Text(line, "SecurityEvent"), Text(line, "Reason")
                    ?? Text(line, "Methods"), Text(line, "ClientId"), Text(line, "Subject"), Text(line, "Path"))));
    }

    [Fact]
    public async Task The_second_step_and_the_code_of_a_device_are_logged_too()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, browser);
        await browser.GoAsync("/device?user_code=BCDFGHJK");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var other = new Browser(app);

        var page = await other.SignInAsync(await other.GoAsync("/account"));
        await other.SubmitAsync(page, ("code", "000000"));
        await other.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));

        Assert.Equal(
            ["signed-in", "signed-in", "device-code-refused", "code-refused", "signed-in"],
            (await EventsAsync(app)).Select(line => Text(line, "SecurityEvent")));
    }

    [Fact]
    public async Task Each_refusal_of_a_client_or_of_what_it_presents_is_one_event()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);
        var answer = (await orders.RedeemAsync(code)).AssertOk();
        await orders.RedeemAsync(code);
        var second = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        (await orders.Client.RefreshAsync(second.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await orders.Client.RefreshAsync(second.RefreshToken);
        await app.Client(Seed.Orders, "wrong-secret").IntrospectAsync("x");
        await app.Client("no-such-client", "wrong-secret").ActForItselfAsync("notes.read");
        await orders.Client.TokenAsync(("grant_type", "refresh_token"), ("refresh_token", "made-up"));
        await orders.Client.UserInfoAsync("made-up");
        await browser.GoAsync(orders.Address(("redirect_uri", "https://elsewhere.example/")));
        await browser.GoAsync(orders.Address(("prompt", "none"), ("max_age", "0")));

        Assert.Equal(
            [
                ("authorization-code-reused", Errors.InvalidGrant),
                ("refresh-token-reused", Errors.InvalidGrant),
                ("client-refused", Errors.InvalidClient),
                ("client-refused", Errors.InvalidClient),
                ("request-refused", Errors.InvalidGrant),
                ("request-refused", Errors.InvalidToken),
                ("request-refused", Errors.InvalidRequest),
            ],
            (await EventsAsync(app)).Where(line => Text(line, "@l") is "Warning")
                .Select(line => (Text(line, "SecurityEvent"), Text(line, "Error"))));
        Assert.NotNull(answer.AccessToken);
    }

    [Fact]
    public async Task Throttling_is_logged_wherever_it_refuses()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("Throttling:FailedSignInsPerAddress", "1"), ("Throttling:RequestsPerAddress", "2"),
            ("Throttling:AuthorizationRequestsPerAddress", "1"));
        using var browser = new Browser(app);
        var client = app.Client("terminal");
        for (var count = 0; count < 2; count++)
        {
            await client.SignInAsync("alice", Wrong, "notes.read");
            await browser.GoAsync("/connect/authorize?client_id=orders");
        }

        for (var count = 0; count < 3; count++)
        {
            await client.IntrospectAsync("x");
        }

        var events = (await EventsAsync(app)).Select(line => Text(line, "SecurityEvent")).ToList();
        Assert.Equal((1, 2), (events.Count(kind => kind is "sign-in-throttled"), events.Count(kind => kind is "request-throttled")));
    }

    [Fact]
    public async Task All_spellings_of_an_unknown_name_are_logged_with_the_same_mark()
    {
        await using var app = await AuthServerApp.StartAsync();
        foreach (var name in new[] { "nobody-1", "NOBODY-1", "nobody-2" })
        {
            await app.Client("terminal").SignInAsync(name, Wrong, "notes.read");
        }

        await app.Client("terminal").SignInAsync("alice", Wrong, "secret-in-the-wrong-field");

        var events = await EventsAsync(app);
        var marks = events.Take(3).Select(line => Text(line, "TypedMark")!).ToList();
        Assert.Equal(marks[0], marks[1]);
        Assert.NotEqual(marks[1], marks[2]);
        Assert.All(marks, mark => Assert.Matches("^[0-9a-f]{16}$", mark));
        Assert.Equal("invalid_scope", Text(events[^1], "Error"));
        Assert.DoesNotContain(app.Log, line => line.Contains("nobody-", StringComparison.OrdinalIgnoreCase)
            || line.Contains("secret-in-the-wrong-field", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_trace_of_an_error_page_leads_to_the_address_that_failed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync(AppLogin.Orders(app).Address(("redirect_uri", "https://elsewhere.example/")));
        var trace = page.Html.Split("<code>")[^1].Split('<')[0];
        await app.StopAsync();

        var lines = app.Log.Select(line => JsonDocument.Parse(line).RootElement).Where(line => Text(line, "@tr") == trace).ToList();
        Assert.Contains(lines, line => Text(line, "RequestPath") is "/connect/authorize"
            && line.TryGetProperty("StatusCode", out var status)
            && status.GetInt32() is 400);
        Assert.Contains(lines, line => Text(line, "SecurityEvent") is "request-refused" && Text(line, "Path") is "/connect/authorize");
        Assert.DoesNotContain(lines, line => Text(line, "RequestPath") is "/error");
    }

    internal static async Task<List<JsonElement>> EventsAsync(AuthServerApp app)
    {
        await app.StopAsync();
        return [.. app.Log.Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("SecurityEvent", out _))];
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}
