using System.Net;
using Microsoft.Extensions.Time.Testing;
using ResourceApi.Bearer;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class KeyRotationTests
{
    [Fact]
    public async Task The_first_token_signed_with_a_new_key_is_accepted()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
        time.Advance(IssuerKeys.UnknownKeyInterval);

        issuer.Rotate();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
    }

    [Fact]
    public async Task Every_one_of_several_rotations_is_noticed()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);

        foreach (var algorithm in new[] { "ES256", "RS256", "ES256" })
        {
            time.Advance(IssuerKeys.UnknownKeyInterval);
            issuer.Rotate(algorithm);
            Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
        }
    }

    [Fact]
    public async Task Tokens_of_the_previous_key_stay_valid_while_the_issuer_publishes_it()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        var before = issuer.Token();
        time.Advance(IssuerKeys.UnknownKeyInterval);
        issuer.Rotate();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", before)).StatusCode);
    }

    [Fact]
    public async Task A_key_that_the_issuer_withdraws_is_forgotten_at_the_next_refresh()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        var token = issuer.Token(token => token.Claims["exp"] = time.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", token)).StatusCode);

        issuer.Rotate();
        issuer.Keys.RemoveAt(0);
        await Eventually.TrueAsync(async () =>
        {
            time.Advance(IssuerKeys.RefreshInterval);
            return (await api.GetAsync("/api/me", token)).StatusCode is HttpStatusCode.Unauthorized;
        });
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
    }

    [Fact]
    public async Task The_issuer_is_asked_once_per_interval_however_many_invented_key_ids_come()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
        var fetches = issuer.Fetches;

        for (var interval = 1; interval <= 2; interval++)
        {
            time.Advance(IssuerKeys.UnknownKeyInterval);
            var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => api.GetAsync("/api/me", Junk())));
            Assert.All(responses, response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
            Assert.Equal(fetches + interval, issuer.Fetches);
        }

        string Junk() => issuer.Token(token => token.Header["kid"] = Guid.CreateVersion7().ToString());
    }
}
