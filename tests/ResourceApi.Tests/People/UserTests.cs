using System.Net;
using Microsoft.Extensions.Time.Testing;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.People;

public sealed class UserTests(RunningApi running) : IClassFixture<RunningApi>
{
    private readonly string alice = Guid.CreateVersion7().ToString();
    private readonly string bob = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task Everybody_can_read_about_themselves()
    {
        var response = await running.Api.GetAsync($"/api/user/{alice}", TokenOf(alice, "Alice"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var person = await response.JsonAsync();
        Assert.Equal(alice, (string?)person["id"]);
        Assert.Equal("Alice", (string?)person["name"]);
        Assert.Equal("alice@example.test", (string?)person["email"]);
    }

    [Fact]
    public async Task Only_an_admin_can_read_about_another_user()
    {
        await running.Api.GetAsync("/api/me", TokenOf(bob, "Bob"));

        var response = await running.Api.GetAsync($"/api/user/{bob}", TokenOf(alice, "Alice"));

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_answer_does_not_reveal_whether_another_user_exists()
    {
        await running.Api.GetAsync("/api/me", TokenOf(bob, "Bob"));

        var existing = await (await running.Api.GetAsync($"/api/user/{bob}", TokenOf(alice, "Alice"))).JsonAsync();
        var missing = await (await running.Api.GetAsync($"/api/user/{Guid.CreateVersion7()}", TokenOf(alice, "Alice"))).JsonAsync();

        existing["traceId"] = missing["traceId"] = null;
        Assert.Equal(existing.ToJsonString(), missing.ToJsonString());
    }

    [Fact]
    public async Task An_admin_can_read_about_everybody_who_has_called()
    {
        await running.Api.GetAsync("/api/notes", TokenOf(bob, "Bob"));

        var response = await running.Api.GetAsync($"/api/user/{bob}", TokenOf(alice, "Alice", role: "admin"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bob", (string?)(await response.JsonAsync())["name"]);
    }

    [Fact]
    public async Task An_admin_does_not_find_a_user_who_has_never_called()
    {
        var response = await running.Api.GetAsync($"/api/user/{Guid.CreateVersion7()}", TokenOf(alice, "Alice", role: "admin"));

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Admin")]
    [InlineData("administrator")]
    [InlineData("admin ")]
    public async Task Only_the_role_admin_is_the_role_admin(string role)
    {
        var response = await running.Api.GetAsync($"/api/user/{bob}", TokenOf(alice, "Alice", role));

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("not-an-id")]
    public async Task A_path_without_a_valid_id_is_not_found(string id)
    {
        var response = await running.Api.GetAsync($"/api/user/{id}", TokenOf(alice, "Alice", role: "admin"));

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_client_is_not_a_person_even_if_its_id_looks_like_a_persons()
    {
        var token = running.Issuer.Token(token => (token.Claims["sub"], token.Claims["client_id"]) = (alice, alice));

        var response = await running.Api.GetAsync($"/api/user/{alice}", token);

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Two_concurrent_first_calls_create_one_person()
    {
        var token = TokenOf(alice, "Alice");

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => running.Api.GetAsync($"/api/user/{alice}", token)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task The_times_of_the_first_and_the_last_call_are_kept()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        var first = time.GetUtcNow();
        await api.GetAsync("/api/me", issuer.TokenFor(alice, "users.read"));

        time.Advance(TimeSpan.FromHours(3));
        var person = await (await api.GetAsync($"/api/user/{alice}", issuer.TokenFor(alice, "users.read"))).JsonAsync();

        Assert.Equal(first, (DateTimeOffset)person["firstSeenAt"]!);
        Assert.Equal(first.AddHours(3), (DateTimeOffset)person["lastSeenAt"]!);
    }

    [Fact]
    public async Task A_new_name_is_remembered_at_once()
    {
        await running.Api.GetAsync("/api/me", TokenOf(alice, "Alice"));

        var person = await (await running.Api.GetAsync($"/api/user/{alice}", TokenOf(alice, "Alice Liddell"))).JsonAsync();

        Assert.Equal("Alice Liddell", (string?)person["name"]);
    }

    [Fact]
    public async Task A_token_without_name_and_address_does_not_erase_them()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var issuer = await TestIssuer.StartedAsync(time: time);
        await using var api = new ResourceApiApp(issuer, time);
        await api.GetAsync("/api/me", issuer.Token(token =>
            (token.Claims["sub"], token.Claims["name"], token.Claims["email"]) = (alice, "Alice", "alice@example.test")));

        time.Advance(TimeSpan.FromMinutes(10));
        var person = await (await api.GetAsync($"/api/user/{alice}", issuer.TokenFor(alice, "users.read"))).JsonAsync();

        Assert.Equal("Alice", (string?)person["name"]);
        Assert.Equal("alice@example.test", (string?)person["email"]);
    }

    private string TokenOf(string subject, string name, string? role = null) => running.Issuer.Token(token =>
    {
        (token.Claims["sub"], token.Claims["name"]) = (subject, name);
        token.Claims["email"] = $"{name.Split(' ')[0].ToLowerInvariant()}@example.test";
        if (role is not null)
        {
            token.Claims["role"] = role;
        }
    });
}
