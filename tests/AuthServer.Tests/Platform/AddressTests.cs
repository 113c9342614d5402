using AuthServer.Platform;
using AuthServer.Tests.Support;
using static AuthServer.Tests.Platform.BeginningTests;

namespace AuthServer.Tests.Platform;

/// <summary>An address that would make a later sign-in fail is reported now, as a fault of the file with its place.</summary>
public sealed class AddressTests
{
    private const string NotAscii = "which is not allowed in an address (RFC 3986 2)";

    [Theory]
    [InlineData("redirect_uris: [https://shop.example/é]", "1:80", NotAscii)]
    [InlineData("redirect_uris: [https://bücher.example/callback]", "1:80", NotAscii)]
    [InlineData("redirect_uris: ['https://shop.example/a b']", "1:80", NotAscii)]
    [InlineData("redirect_uris: ['https://shop.example/<b>']", "1:80", NotAscii)]
    [InlineData("redirect_uris: ['https://shop.example\\callback']", "1:80", NotAscii)]
    [InlineData("redirect_uris: ['https://shop.example/%zz']", "1:80", "has '%zz', which is not a percent-encoding")]
    [InlineData("redirect_uris: ['https://shop.example/callback?state=1']", "1:80", "must not have 'state' in its query")]
    [InlineData("redirect_uris: ['https://shop.example/callback?a=1&iss=x']", "1:80", "must not have 'iss' in its query")]
    [InlineData("redirect_uris: ['https://shop.example/callback?%63ode=x']", "1:80", "must not have 'code' in its query")]
    [InlineData("redirect_uris: ['https://shop.example/callback?error=x']", "1:80", "must not have 'error' in its query")]
    [InlineData("redirect_uris: ['https://shop.example/callback?response=x']", "1:80", "must not have 'response' in its query")]
    [InlineData("redirect_uris: ['https://me@shop.example/callback']", "1:80", "must hold absolute https addresses")]
    [InlineData("redirect_uris: ['https://shop.example:0/callback']", "1:80", "must hold absolute https addresses")]
    [InlineData("redirect_uris: [/callback]", "1:80", "must hold absolute https addresses")]
    [InlineData("redirect_uris: ['javascript:alert(1)']", "1:80", "must hold absolute https addresses")]
    [InlineData("redirect_uris: ['com.example.app:/callback']", "1:80", "must hold absolute https addresses")]
    [InlineData("redirect_uris: [https://a.test/c], post_logout_redirect_uris: [https://a.test/é]", "1:127", NotAscii)]
    [InlineData(
        "redirect_uris: [https://a.test/c], post_logout_redirect_uris: ['https://a.test/?state=1']", "1:127",
        "must not have 'state' in its query")]
    [InlineData("redirect_uris: [https://a.test/c], backchannel_logout_uri: https://a.test/é", "1:123", NotAscii)]
    [InlineData(
        "redirect_uris: [https://a.test/c], frontchannel_logout_uri: 'https://a.test/?sid=1'", "1:124", "must not have 'sid' in its query")]
    [InlineData("redirect_uris: [https://a.test/c], logo: https://a.test/é.png", "1:105", NotAscii)]
    [InlineData("redirect_uris: [https://a.test/c], url: https://bücher.test", "1:104", NotAscii)]
    [InlineData("redirect_uris: [https://a.test/c], origins: [https://bücher.test]", "1:109", NotAscii)]
    [InlineData("redirect_uris: [https://a.test/c], origins: ['https://a.test:443']", "1:109", "without the port that the scheme implies")]
    public void An_invalid_address_of_an_app_is_reported_with_its_place(string keys, string place, string message)
    {
        var problem = Assert.Single(Read($"apps: [{{ id: shop, type: public, grants: [authorization_code], {keys} }}]"));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(place, $"{problem.Place.Line}:{problem.Place.Column}");
    }

    [Theory]
    [InlineData("apis: [{ resource: /api }]", "must be an absolute URI without fragment")]
    [InlineData("apis: [{ resource: 'https://api.test#' }]", "must be an absolute URI without fragment")]
    [InlineData("apis: [{ resource: https://bücher.test }]", NotAscii)]
    [InlineData("apps: [{ id: büro, type: public }]", "'id' of an app must be printable ASCII")]
    [InlineData(
        "apps: [{ id: 01234567890123456789012345678901234567890123456789"
            + "01234567890123456789012345678901234567890123456789x, type: public }]",
        "'id' has 101 characters; it may have 100.")]
    public void A_resource_or_id_that_the_protocol_does_not_allow_is_reported(string yaml, string message)
    {
        Assert.Contains(message, Assert.Single(Read(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_the_specifications_allow_is_accepted()
    {
        var problems = Read("""
            apis: [{ resource: "urn:example:api" }, { resource: "https://api.test/v1?tenant=a" }]
            apps:
              - id: web app
                type: public
                grants: [authorization_code]
                redirect_uris: ["https://xn--bcher-kva.example/%C3%A9?kept=1&status=a", "http://[::1]/callback", "http://127.0.0.1:3000/"]
                post_logout_redirect_uris: ["https://a.test/?code=1"]
                frontchannel_logout_uri: https://xn--bcher-kva.example/out?kept=1
                backchannel_logout_uri: http://web:8080/out
              - id: phone
                type: native
                grants: [authorization_code]
                redirect_uris: ["com.example.app:/callback", "com.example.app://callback/x"]
            """);

        Assert.Empty(problems);
    }

    private static IReadOnlyList<PlatformProblem> Read(string yaml)
    {
        var reader = new PlatformReader(new SecretReference(".", isDevelopment: true), isDevelopment: true);
        reader.Read(new StringReader(yaml));
        return reader.Problems;
    }

    [Fact]
    public async Task A_refusal_by_OpenIddict_is_reported_with_the_place_of_the_app()
    {
        await using var app = await AuthServerApp.StartAsync();

        // This address was registered in another way. A file with it would be refused earlier.
        await ApplyAsync(app, "apps: [{ id: shop, type: public, grants: [password] }]");
        await app.SqlAsync("UPDATE Clients SET RedirectUris = '[\"https://a.test/?iss=1\"]' WHERE ClientId = 'shop'");

        var problem = Assert.Single(
            (await ApplyAsync(app, "\napps:\n  - { id: shop, type: public, grants: [password], name: Other }")).Problems);

        Assert.Equal((3, 5), (problem.Place.Line, problem.Place.Column));
        Assert.StartsWith("The app 'shop' cannot be registered: ", problem.Message, StringComparison.Ordinal);
    }
}
