using System.Net;
using Microsoft.Extensions.Time.Testing;
using ResourceApi.Bearer;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class IssuerAwayTests
{
    [Fact]
    public async Task With_keys_from_before_tokens_are_accepted_while_the_issuer_is_down()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);

        await issuer.StopAsync();
        await Eventually.TrueAsync(async () =>
        {
            time.Advance(IssuerKeys.RefreshInterval);
            return (string?)(await (await api.GetAsync("/health/ready")).JsonAsync())["status"] is "Degraded";
        });

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_key_set_without_keys_is_a_fault_of_the_issuer_and_changes_nothing()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        var token = issuer.Token(token => token.Claims["exp"] = time.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", token)).StatusCode);

        issuer.Keys.Clear();
        await Eventually.TrueAsync(async () =>
        {
            time.Advance(IssuerKeys.RefreshInterval);
            return (string?)(await (await api.GetAsync("/health/ready")).JsonAsync())["status"] is "Degraded";
        });

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", token)).StatusCode);
    }

    [Fact]
    public async Task With_keys_from_before_a_bad_token_is_still_a_bad_token_while_the_issuer_is_down()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);

        await issuer.StopAsync();
        time.Advance(IssuerKeys.UnknownKeyInterval);

        var response = await api.GetAsync("/api/me", issuer.Token(token => token.Claims["aud"] = "https://elsewhere.example"));
        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_with_an_unknown_key_is_not_called_invalid_while_the_issuer_is_down()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);

        await issuer.StopAsync();
        time.Advance(IssuerKeys.UnknownKeyInterval);
        issuer.Rotate();

        var response = await api.GetAsync("/api/me", issuer.Token());
        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(IssuerKeys.RetryInterval, response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Before_there_are_keys_a_token_is_answered_with_503_and_Retry_After()
    {
        await using var issuer = new TestIssuer();
        await using var api = new ResourceApiApp(issuer);

        var response = await api.GetAsync("/api/me", issuer.Token());

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(IssuerKeys.RetryInterval, response.Headers.RetryAfter?.Delta);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Before_there_are_keys_the_api_is_alive_but_not_ready_and_shows_its_metadata()
    {
        await using var issuer = new TestIssuer();
        await using var api = new ResourceApiApp(issuer);

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/.well-known/oauth-protected-resource")).StatusCode);
        await (await api.GetAsync("/api/me")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_the_issuer_arrives_late_the_api_recovers_by_itself_within_seconds()
    {
        await using var issuer = new TestIssuer();
        await using var api = new ResourceApiApp(issuer);
        await (await api.GetAsync("/api/me", issuer.Token())).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);

        await issuer.StartAsync();
        var arrived = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(async () => (await api.GetAsync("/health/ready")).StatusCode is HttpStatusCode.OK);

        Assert.InRange(TimeProvider.System.GetElapsedTime(arrived), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
    }

    [Fact]
    public async Task Keys_of_an_issuer_with_another_identifier_are_not_accepted()
    {
        await using var impostor = await TestIssuer.StartedAsync(authority: "http://localhost:1");
        await using var api = new ResourceApiApp(impostor, settings: ("Issuer:Authority", impostor.Address.AbsoluteUri));

        var response = await api.GetAsync("/api/me", impostor.Token(token => token.Claims["iss"] = impostor.Address.AbsoluteUri));

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
    }
}
