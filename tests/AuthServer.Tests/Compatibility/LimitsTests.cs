using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Compatibility;

/// <summary>The limits of the token endpoint also apply to these endpoints, whose refusals have their own form.</summary>
public sealed class LimitsTests
{
    [Fact]
    public async Task Failed_sign_ins_of_an_account_are_throttled()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On, ("Throttling:FailedSignInsPerAccount", "3"));
        var django = new DjangoClient(app);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await django.SignInAsync("alice", "wrong-password-here")).AssertNonField("Unable to log in with provided credentials.");
        }

        AssertThrottled(await django.SignInAsync(), "20 seconds", 20);
        await django.TokenAsync("bob", "correct-horse-birch");
    }

    [Fact]
    public async Task Requests_and_failed_sign_ins_of_an_address_are_throttled()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On, ("Throttling:RequestsPerAddress", "2"));
        await using var failing = await AuthServerApp.StartAsync(DjangoClient.On, ("Throttling:FailedSignInsPerAddress", "1"));
        for (var request = 0; request < 4; request++)
        {
            (await new DjangoClient(app).VerifyAsync("x")).AssertNonField("Error decoding signature.");
        }

        await new DjangoClient(failing).SignInAsync("nobody", "wrong-password-here");

        AssertThrottled(await new DjangoClient(app).VerifyAsync("x"), "1 second", 1);
        AssertThrottled(await new DjangoClient(app).RefreshAsync("x"), "1 second", 1);
        AssertThrottled(await new DjangoClient(app).SignInAsync(), "1 second", 1);
        AssertThrottled(await new DjangoClient(failing).SignInAsync(), "10 seconds", 10);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_account_out_for_a_while()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On, ("Throttling:Enabled", "false"));
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await django.SignInAsync("alice", "wrong-password-here");
        }

        (await django.SignInAsync()).AssertNonField("Unable to log in with provided credentials.");
        (await django.RefreshAsync(token)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await django.TokenAsync();
    }

    [Fact]
    public async Task More_sign_ins_than_the_node_can_hash_are_told_to_retry_later()
    {
        await using var app = await AuthServerApp.StartAsync(
            DjangoClient.On, ("Passwords:MaxConcurrentHashes", "1"), ("Passwords:MaxWait", "00:00:00"));
        var django = new DjangoClient(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => django.SignInAsync()));

        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.OK);
        var busy = answers.First(answer => answer.Status is not HttpStatusCode.OK);
        busy.AssertDetail(HttpStatusCode.ServiceUnavailable, "The server is busy; try again shortly.");
        Assert.Equal(TimeSpan.FromSeconds(1), busy.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_missing_database_and_an_exception_are_reported_in_the_same_form()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        await app.SqlAsync("""ALTER TABLE "Users" RENAME TO "Gone" """);
        (await django.SignInAsync()).AssertDetail(HttpStatusCode.InternalServerError, "A server error occurred.");
        app.LoseDatabase();

        foreach (var answer in new[] { await django.SignInAsync(), await django.RefreshAsync(token), await django.VerifyAsync(token) })
        {
            answer.AssertDetail(HttpStatusCode.ServiceUnavailable, "The server cannot answer at the moment; try again shortly.");
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task Only_scripts_of_a_registered_app_may_read_the_answers()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        Assert.Equal("https://kiosk.example", await AllowedAsync("https://kiosk.example"));
        Assert.Null(await AllowedAsync("https://anybody.example"));

        async Task<string?> AllowedAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, DjangoClient.Auth);
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type");
            using var response = await app.Http.SendAsync(request);
            return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
        }
    }

    [Fact]
    public async Task No_password_or_token_is_in_the_log_at_any_level()
    {
        await using var app = await AuthServerApp.StartAsync(
            DjangoClient.On,
            ("Serilog:MinimumLevel:Default", "Verbose"),
            ("Serilog:MinimumLevel:Override:Microsoft", "Verbose"),
            ("Serilog:MinimumLevel:Override:OpenIddict", "Verbose"));
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        var refreshed = (await django.RefreshAsync(token)).AssertOk()["token"]!;
        await django.VerifyAsync(token + "forged");
        await django.SignInAsync("password-typed-as-name", "mistyped-password");
        await django.PostAsync(DjangoClient.Auth, "application/json", """{"password":"half-a-body""");
        await app.SqlAsync("""ALTER TABLE "Users" RENAME TO "Gone" """);
        await django.SignInAsync();
        await django.VerifyAsync(token);

        await app.StopAsync();
        foreach (var secret in new[]
        {
            "correct-horse-apple",
            "mistyped-password",
            "password-typed-as-name",
            "half-a-body",
            token,
            refreshed,
        })
        {
            Assert.DoesNotContain(app.Log, line => line.Contains(secret, StringComparison.Ordinal));
        }

        Assert.Contains(app.Log, line => line.Contains(""","ClientId":"terminal",""", StringComparison.Ordinal)
            && line.Contains("/api-token-auth/", StringComparison.Ordinal));
    }

    private static void AssertThrottled(Answer answer, string wait, int seconds)
    {
        answer.AssertDetail(HttpStatusCode.TooManyRequests, $"Request was throttled. Expected available in {wait}.");
        Assert.Equal(TimeSpan.FromSeconds(seconds), answer.Headers.RetryAfter?.Delta);
    }
}
