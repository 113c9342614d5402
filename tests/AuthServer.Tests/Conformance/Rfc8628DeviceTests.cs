using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 8628, OAuth 2.0 Device Authorization Grant.</summary>
public sealed class Rfc8628DeviceTests
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:device_code";

    [Fact]
    public async Task Section_3_A_device_gets_tokens_once_a_user_has_allowed_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);
        Assert.Equal("http://localhost:8400/device", begun["verification_uri"]);
        Assert.Equal("http://localhost:8400/device?user_code=" + begun["user_code"], begun["verification_uri_complete"]);
        Assert.True(begun.Json.GetProperty("expires_in").GetInt32() > 0);
        Assert.Equal(5, begun.Json.GetProperty("interval").GetInt32());

        (await PollAsync(console, begun)).AssertRefused("authorization_pending");
        var page = await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!));
        Assert.Contains("Sign in to Console on your device?", page.AssertIs("/device").Text, StringComparison.Ordinal);
        Assert.Contains("Read your notes", page.Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await PollAsync(console, begun)).AssertRefused("authorization_pending");
        Assert.Contains("Your device is signed in", (await browser.SubmitAsync(page, ("answer", "yes"))).Text, StringComparison.Ordinal);

        var answer = (await PollAsync(console, begun)).AssertOk();
        Assert.Equal("alice", Jwt.Read(answer["id_token"]!).Value("preferred_username"));
        (await console.RefreshAsync(answer.RefreshToken)).AssertOk();
        (await PollAsync(console, begun)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_device_has_its_own_session_that_outlives_the_browsers_and_can_be_ended_on_the_account_page()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!)), ("answer", "yes"));
        var answer = (await PollAsync(console, begun)).AssertOk();
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        var refreshed = (await console.RefreshAsync(answer.RefreshToken)).AssertOk();

        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/sessions"));
        Assert.Contains("127.0.0.1 · Console", page.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(page, ("others", "true"));

        (await console.RefreshAsync(refreshed.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Section_3_3_1_The_page_shows_the_code_to_compare_and_the_device()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app, userAgent: "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0");
        using var device = app.NewHttp("LivingRoomTv/3.1");
        var begun = await BeginAsync(new ClientDriver(device, "console", secret: null));

        var page = (await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!))).AssertIs("/device");
        await browser.SubmitAsync(page, ("answer", "yes"));
        var list = await browser.GoAsync("/account/manage/sessions");

        Assert.Contains(begun["user_code"]!, page.Text, StringComparison.Ordinal);
        Assert.Contains("LivingRoomTv · 127.0.0.1", page.Text, StringComparison.Ordinal);
        Assert.Contains("LivingRoomTv", list.Text, StringComparison.Ordinal);
        // A second mail reports the new browser.
        var mails = new Mailbox(app, "alice@example.test");
        string[] told = [(await mails.NextAsync()).TextBody!, (await mails.NextAsync()).TextBody!];
        Assert.Single(told, text => text.Contains("LivingRoomTv", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Section_6_1_The_code_may_have_other_separators_and_full_width_digits()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        var begun = await BeginAsync(app.Client("console"));
        var code = begun["user_code"]!;

        foreach (var typed in new[]
        {
            code.Replace("-", "", StringComparison.Ordinal),
            code.Replace('-', ' '),
            string.Concat(code.Select(one => char.IsDigit(one) ? (char)(one + 0xFEE0) : '－')),
        })
        {
            var page = await browser.GoAsync("/device?user_code=" + Uri.EscapeDataString(typed));
            Assert.Contains("Sign in to Console", page.Text, StringComparison.Ordinal);
            Assert.Contains(code, page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Section_3_4_The_code_of_an_allowed_device_can_be_opened_again()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);
        var page = await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!));
        await browser.SubmitAsync(page, ("answer", "yes"));

        await browser.GoAsync(begun["verification_uri_complete"]!);
        await browser.SubmitAsync(page, ("answer", "yes"));

        (await PollAsync(console, begun)).AssertOk();
    }

    [Fact]
    public async Task Section_3_5_A_code_that_is_approved_at_the_last_moment_lives_until_the_next_poll()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);
        app.Clock.Advance(TimeSpan.FromSeconds(begun.Json.GetProperty("expires_in").GetInt32() - 5));
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!)), ("answer", "yes"));
        app.Clock.Advance(TimeSpan.FromSeconds(20));

        (await PollAsync(console, begun)).AssertOk();
    }

    [Fact]
    public async Task Section_3_5_A_denial_is_reported_to_the_device()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);

        var page = await browser.SubmitAsync(
            await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!)), ("answer", "no"));

        Assert.Contains("The device was not signed in", page.Text, StringComparison.Ordinal);
        (await PollAsync(console, begun)).AssertRefused("access_denied");
    }

    [Fact]
    public async Task Section_3_5_A_device_that_polls_too_often_is_told_to_slow_down_and_still_gets_its_tokens()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var (begun, other) = (await BeginAsync(console), await BeginAsync(console));

        (await PollAsync(console, begun)).AssertRefused("authorization_pending");
        (await PollAsync(console, begun)).AssertRefused("slow_down");
        (await PollAsync(console, other)).AssertRefused("authorization_pending");
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        (await PollAsync(console, begun)).AssertRefused("slow_down");
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        (await PollAsync(console, begun)).AssertRefused("authorization_pending");

        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!)), ("answer", "yes"));
        (await PollAsync(console, begun)).AssertOk();
    }

    [Fact]
    public async Task Section_3_5_A_poll_with_an_invented_code_is_not_told_to_slow_down()
    {
        await using var app = await AuthServerApp.StartAsync();
        var console = app.Client("console");

        for (var count = 0; count < 2; count++)
        {
            (await console.TokenAsync(("grant_type", Grant), ("device_code", "made-up"))).AssertRefused("invalid_grant");
        }
    }

    [Fact]
    public async Task Section_3_5_A_code_that_is_not_used_in_time_expires()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);
        app.Clock.Advance(TimeSpan.FromMinutes(31));

        (await PollAsync(console, begun)).AssertRefused("expired_token");
        var page = await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!));
        Assert.Contains("We don’t know this code", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_5_1_The_number_of_guessed_codes_is_limited()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/device"));
        for (var count = 0; count < 10; count++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GoAsync($"/device?user_code=0000-0000-{count:0000}")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.GoAsync("/device?user_code=0000-0000-0099")).Status);
    }

    [Fact]
    public async Task Another_site_cannot_allow_a_device()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");
        var begun = await BeginAsync(console);
        await browser.SignInAsync(await browser.GoAsync("/device"));

        await browser.PostAsync("/device", [new("user_code", begun["user_code"]!), new("answer", "yes")]);

        (await PollAsync(console, begun)).AssertRefused("authorization_pending");
    }

    [Fact]
    public async Task Section_3_1_An_app_without_the_grant_is_refused_and_so_is_another_client_with_the_code()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var begun = await BeginAsync(app.Client("console"));
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!)), ("answer", "yes"));

        (await app.Client("terminal").PostAsync("/connect/device", ("scope", "openid"))).AssertRefused("unauthorized_client");
        (await PollAsync(app.Client("terminal"), begun)).AssertRefused("unauthorized_client");
        (await app.Client("console").PostAsync("/connect/device", ("scope", "notes.write"))).AssertRefused("invalid_scope");
    }

    private static async Task<Answer> BeginAsync(ClientDriver client) =>
        (await client.PostAsync("/connect/device", ("scope", "openid profile offline_access notes.read"))).AssertOk();

    private static Task<Answer> PollAsync(ClientDriver client, Answer begun) =>
        client.TokenAsync(("grant_type", Grant), ("device_code", begun["device_code"]!));
}
