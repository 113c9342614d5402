using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ResourceApi.Bearer;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class ChallengeTests(RunningApi running) : IClassFixture<RunningApi>
{
    private static readonly string AnyNote = $"/api/notes/{Guid.CreateVersion7()}";

    public static TheoryData<string, string, string> Endpoints => new()
    {
        { "GET", "/api/me", "users.read" },
        { "GET", $"/api/user/{Guid.CreateVersion7()}", "users.read" },
        { "GET", "/api/notes", "notes.read" },
        { "GET", AnyNote, "notes.read" },
        { "POST", "/api/notes", "notes.write" },
        { "PUT", AnyNote, "notes.write" },
        { "DELETE", AnyNote, "notes.write" },
        { "DELETE", "/api/notes", "notes.write" }
    };

    [Fact]
    public void Every_endpoint_of_the_api_asks_for_a_scope()
    {
        var endpoints = running.Api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal)).ToList();

        Assert.Equal(Endpoints.Count, endpoints.Count);
        Assert.All(endpoints, endpoint => Assert.Contains(endpoint.Metadata.GetRequiredMetadata<RequiredScope>().Name, ApiScopes.All));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Without_a_token_the_challenge_names_the_scope_and_no_error(string method, string path, string scope)
    {
        var response = await running.Api.SendAsync(new HttpMethod(method), path);

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        var challenge = response.ShouldChallenge();
        Assert.Contains($"scope=\"{scope}\"", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("error", challenge, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Without_the_scope_the_challenge_is_insufficient_scope_and_names_it(string method, string path, string scope)
    {
        var others = string.Join(' ', ApiScopes.All.Append("openid").Where(other => other != scope));
        var token = running.Issuer.TokenFor(Guid.CreateVersion7().ToString(), others, role: "admin");

        var response = await running.Api.SendAsync(
            new HttpMethod(method), path, token, method is "POST" or "PUT" ? new { title = "t" } : null);

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
        var challenge = response.ShouldChallenge();
        Assert.Contains($"scope=\"{scope}\"", challenge, StringComparison.Ordinal);
        Assert.Contains("error=\"insufficient_scope\"", challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users.read.all")]
    [InlineData("Users.Read")]
    [InlineData("users.")]
    [InlineData("")]
    public async Task A_scope_counts_only_when_it_is_spelled_exactly(string scope)
    {
        var response = await running.Api.GetAsync("/api/me", running.Issuer.TokenFor(Guid.CreateVersion7().ToString(), scope));

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_without_scope_claim_may_do_nothing()
    {
        var response = await running.Api.GetAsync("/api/me", running.Issuer.Token(token => token.Claims.Remove("scope")));

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_description_says_that_a_token_has_expired()
    {
        var token = running.Issuer.Token(token => token.Claims["exp"] = 1_700_000_000);

        var response = await running.Api.GetAsync("/api/me", token);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("The token has expired.", (string?)problem["detail"]);
        Assert.Contains("error_description=\"The token has expired.\"", response.ShouldChallenge(), StringComparison.Ordinal);
    }
}
