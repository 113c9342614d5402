using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Hosting.Throttling;

public sealed class ClientSecretTests
{
    [Fact]
    public async Task Wrong_secrets_of_one_client_are_bounded_and_those_of_others_go_on()
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
    public async Task Right_secrets_count_for_nothing()
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
