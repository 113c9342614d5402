using System.Net;
using System.Security.Claims;
using ResourceApi.Bearer;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

/// <summary>RFC 9470, OAuth 2.0 Step Up Authentication Challenge Protocol: the resource server's part.</summary>
public sealed class StepUpTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData(10)]
    [InlineData(null)]
    public async Task Section_3_The_challenge_for_an_old_or_unknown_sign_in_names_the_accepted_age(int? minutes)
    {
        var response = await running.Api.SendAsync(HttpMethod.Delete, "/api/notes", Token(minutes));

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        var challenge = response.ShouldChallenge();
        Assert.Contains("error=\"insufficient_user_authentication\"", challenge, StringComparison.Ordinal);
        Assert.Contains("max_age=\"300\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_sign_in_passes()
    {
        var response = await running.Api.SendAsync(HttpMethod.Delete, "/api/notes", Token(minutes: 1));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, (int)(await response.JsonAsync())["count"]!);
    }

    [Fact]
    public async Task Section_3_The_challenge_names_the_requirements_of_the_settings()
    {
        await using var api = new ResourceApiApp(
            running.Issuer, settings: [("Notes:DeleteAllMaxAge", "00:01:00"), ("Notes:DeleteAllAcrValues", "aal2 phr")]);

        var response = await api.SendAsync(HttpMethod.Delete, "/api/notes", Token(minutes: 0));

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.EndsWith(", max_age=\"60\", acr_values=\"aal2 phr\"", response.ShouldChallenge(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aal2", true)]
    [InlineData("phr", true)]
    [InlineData("aal1", false)]
    [InlineData(null, false)]
    public void A_sign_in_needs_one_of_the_required_levels(string? level, bool isEnough)
    {
        var token = new ClaimsPrincipal(new ClaimsIdentity(level is null ? [] : [new Claim("acr", level)]));

        Assert.Equal(isEnough, new RequiredSignIn(MaxAge: null, ["aal2", "phr"]).IsMetBy(token, DateTimeOffset.UnixEpoch));
    }

    private string Token(int? minutes) => running.Issuer.Token(token =>
    {
        if (minutes is { } ago)
        {
            token.Claims["auth_time"] = (long)token.Claims["iat"]! - (ago * 60);
        }
    });
}
