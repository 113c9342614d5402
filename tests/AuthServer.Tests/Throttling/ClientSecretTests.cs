using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Throttling;

public sealed class ClientSecretTests
{
    [Fact]
    public async Task Wrong_secrets_of_one_client_are_limited_and_other_clients_are_not_affected()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (wrong, right) = (app.Client("nightly-job", "a-wrong-secret"), app.Client("nightly-job", "nightly-job-demo-secret"));
        for (var count = 0; count < 20; count++)
        {
            (await AskAsync(wrong)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        }

        var answer = await AskAsync(wrong);
        answer.AssertRefused("temporarily_unavailable", HttpStatusCode.TooManyRequests);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        (await AskAsync(right)).AssertRefused("temporarily_unavailable", HttpStatusCode.TooManyRequests);
        (await AskAsync(app.Client("robot", "robot-demo-secret"))).AssertOk();

        app.Clock.Advance(TimeSpan.FromSeconds(10));
        (await AskAsync(right)).AssertOk();
    }

    [Fact]
    public async Task Right_secrets_do_not_count()
    {
        await using var app = await AuthServerApp.StartAsync();
        var right = app.Client("nightly-job", "nightly-job-demo-secret");

        for (var count = 0; count < 25; count++)
        {
            (await AskAsync(right)).AssertOk();
        }
    }

    private static Task<Answer> AskAsync(ClientDriver client) => client.PostAsync("/connect/token", ("grant_type", "client_credentials"));
}
