using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Throttling;

public sealed class ThrottlingTests
{
    private static readonly (string, string) FewForOneAccount = ("Throttling:FailedSignInsPerAccount", "3");

    [Fact]
    public async Task Requests_beyond_the_limit_of_an_address_are_refused_with_the_time_to_wait()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:RequestsPerAddress", "5"));
        var client = app.Client("nightly-job", "nightly-job-demo-secret");
        for (var request = 0; request < 10; request++)
        {
            (await client.ActForItselfAsync("notes.read")).AssertOk();
        }

        AssertThrottled(await client.ActForItselfAsync("notes.read"), seconds: 1);
        AssertThrottled(await client.IntrospectAsync("made-up"), seconds: 1);
        AssertThrottled(await client.RevokeAsync("made-up"), seconds: 1);

        app.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var request = 0; request < 5; request++)
        {
            (await client.ActForItselfAsync("notes.read")).AssertOk();
        }

        AssertThrottled(await client.ActForItselfAsync("notes.read"), seconds: 1);
    }

    [Fact]
    public async Task Metadata_health_and_userinfo_are_not_throttled()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:RequestsPerAddress", "1"));
        for (var request = 0; request < 10; request++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync("/.well-known/jwks"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync("/health/ready"));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/connect/userinfo"));
        }

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await app.Http.GetAsync(path);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Failures_for_one_account_are_limited_whether_or_not_it_exists()
    {
        await using var app = await AuthServerApp.StartAsync(FewForOneAccount);
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await client.SignInAsync("alice", "wrong-password-here")).AssertRefused("invalid_grant");
            (await client.SignInAsync("nobody", "wrong-password-here")).AssertRefused("invalid_grant");
        }

        var alice = await client.SignInAsync("Alice", "correct-horse-apple");
        var nobody = await client.SignInAsync("NOBODY", "correct-horse-apple");

        AssertThrottled(alice, seconds: 20);
        Assert.Equal((alice.Body, alice.Headers.RetryAfter), (nobody.Body, nobody.Headers.RetryAfter));
        (await client.SignInAsync("bob", "correct-horse-birch")).AssertOk();

        app.Clock.Advance(TimeSpan.FromSeconds(20));
        (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
    }

    [Fact]
    public async Task Failures_from_one_address_are_limited_and_do_not_affect_refreshing()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:FailedSignInsPerAddress", "4"));
        var client = app.Client("terminal");
        var bob = (await client.SignInAsync("bob", "correct-horse-birch")).AssertOk();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            (await client.SignInAsync($"user-{attempt}", "one password for all")).AssertRefused("invalid_grant");
        }

        AssertThrottled(await client.SignInAsync("user-5", "one password for all"), seconds: 3);
        AssertThrottled(await client.SignInAsync("bob", "correct-horse-birch"), seconds: 3);
        (await client.RefreshAsync(bob.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task An_app_with_its_own_server_has_one_limit_separate_from_others()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("Throttling:FailedSignInsPerAddress", "2"), ("Throttling:FailedSignInsPerClient", "4"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            (await client.SignInAsync($"user-{attempt}", "one password for all")).AssertRefused("invalid_grant");
        }

        AssertThrottled(await client.SignInAsync("bob", "correct-horse-birch"), seconds: 3);
        (await app.Client("reports", "reports-demo-secret").SignInAsync("bob", "correct-horse-birch", "openid")).AssertOk();
        (await app.Client("terminal").SignInAsync("bob", "correct-horse-birch")).AssertOk();
    }

    [Fact]
    public async Task Sign_ins_that_succeed_do_not_count()
    {
        await using var app = await AuthServerApp.StartAsync(FewForOneAccount, ("Throttling:FailedSignInsPerClient", "3"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        }
    }

    [Fact]
    public async Task An_unauthenticated_client_does_not_use_up_an_accounts_attempts()
    {
        await using var app = await AuthServerApp.StartAsync(FewForOneAccount);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await app.Client(Seed.Orders, "not-the-secret").SignInAsync("alice", "wrong-password-here");
        }

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
    }

    [Fact]
    public async Task Throttling_can_be_switched_off()
    {
        await using var app = await AuthServerApp.StartAsync(
            FewForOneAccount, ("Throttling:RequestsPerAddress", "1"), ("Throttling:FailedSignInsPerClient", "1"),
            ("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            (await client.SignInAsync("nobody", "wrong-password-here")).AssertRefused("invalid_grant");
        }
    }

    private static void AssertThrottled(Answer answer, int seconds)
    {
        answer.AssertRefused("temporarily_unavailable", HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(seconds), answer.Headers.RetryAfter?.Delta);
    }
}
