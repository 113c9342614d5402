using AuthServer.Connect;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>
/// RFC 8707, Resource Indicators, in requests of browsers and devices. <see cref="Rfc9068AccessTokenTests"/> tests the resulting
/// audience.
/// </summary>
public sealed class Rfc8707ResourceTests
{
    private const string Device = "urn:ietf:params:oauth:grant-type:device_code";

    [Theory]
    [InlineData("http://localhost:8410/", "http://localhost:8410")]
    [InlineData("HTTP://LocalHost:8410", "http://localhost:8410")]
    [InlineData("https://api.example:443/", "https://API.example")]
    [InlineData("https://api.example:", "https://api.example")]
    [InlineData("https://api.example?x=1", "https://api.example/?x=1")]
    [InlineData("http://[::1]:80/a", "http://[::1]/a")]
    public void Rfc3986_6_2_Equivalent_addresses_are_equal(string one, string other) => Assert.True(ResourceAddress.AreSame(one, other));

    [Theory]
    [InlineData("https://api.example/a", "https://api.example/A")]
    [InlineData("https://api.example/a", "https://api.example/a/")]
    [InlineData("https://api.example", "https://api.example:80")]
    [InlineData("https://api.example", "http://api.example")]
    [InlineData("https://api.example", "https://api.example./")]
    [InlineData("https://api.example/a", "https://api.example/%61")]
    [InlineData("https://api.example", "https://api.example@evil.example")]
    [InlineData("urn:api", "URN:api")]
    public void Rfc3986_6_2_Other_addresses_are_different(string one, string other) => Assert.False(ResourceAddress.AreSame(one, other));

    [Theory]
    [InlineData("http://localhost:8410/")]
    [InlineData("http://LOCALHOST:8410")]
    public async Task Section_2_The_audience_is_spelled_as_it_is_registered(string resource)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.SignInAsync(await browser.GoAsync(orders.Address(("resource", resource))));

        var answer = (await orders.RedeemAsync(orders.CodeOf(page), ("resource", resource))).AssertOk();
        var refreshed = (await orders.Client.RefreshAsync(answer.RefreshToken, ("resource", resource))).AssertOk();

        Assert.Equal(Seed.Api, Jwt.Read(answer.AccessToken).Value("aud"));
        Assert.Equal(Seed.Api, Jwt.Read(refreshed.AccessToken).Value("aud"));
    }

    [Fact]
    public async Task Section_2_Without_a_scope_the_resource_grants_all_its_scopes_that_the_app_may_have()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var reports = AppLogin.Reports(app);
        var page = await browser.SignInAsync(await browser.GoAsync(reports.Address(("resource", Seed.Api), ("scope", null))));

        var answer = (await reports.RedeemAsync(reports.CodeOf(page), ("resource", Seed.Api))).AssertOk();
        var own = (await app.Client("nightly-job", "nightly-job-demo-secret")
            .TokenAsync(("grant_type", "client_credentials"), ("resource", Seed.Api))).AssertOk();

        Assert.Equal("notes.read users.read", answer["scope"]);
        Assert.Equal(("notes.read", Seed.Api), (own["scope"], Jwt.Read(own.AccessToken).Value("aud")));
    }

    [Theory]
    [InlineData("http://localhost:8499", "openid notes.read")]
    [InlineData("https://nobody.example", "openid notes.read")]
    [InlineData("https://nobody.example", null)]
    [InlineData("http://localhost:8499", null)]
    [InlineData("http://localhost:8400/", "notes.read")]
    public async Task Section_2_A_resource_without_a_scope_is_invalid_target_before_anybody_signs_in(string resource, string? scope)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var reports = AppLogin.Reports(app);
        (string, string?)[] changes = [("resource", resource), ("scope", scope)];

        (await browser.GoAsync(reports.Address(changes))).AssertRefused("invalid_target");
        (await reports.Client.PostAsync("/connect/par", reports.Parameters(changes))).AssertRefused("invalid_target");
    }

    [Fact]
    public async Task Section_2_A_device_gets_the_scopes_of_the_resource_that_it_names()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var console = app.Client("console");

        (await console.PostAsync("/connect/device", ("scope", "openid"), ("resource", Seed.OtherApi))).AssertRefused("invalid_target");
        var begun = (await console.PostAsync("/connect/device", ("resource", Seed.Api + "/"))).AssertOk();
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(begun["verification_uri_complete"]!)), ("answer", "yes"));
        var answer = (await console.TokenAsync(("grant_type", Device), ("device_code", begun["device_code"]!), ("resource", Seed.Api)))
            .AssertOk();

        Assert.Equal(("notes.read", Seed.Api), (answer["scope"], Jwt.Read(answer.AccessToken).Value("aud")));
    }
}
