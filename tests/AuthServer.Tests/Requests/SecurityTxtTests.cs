using System.Net;
using AuthServer.Requests.SecurityTxt;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

/// <summary>RFC 9116, security.txt.</summary>
public sealed class SecurityTxtTests
{
    private const string Path = "/.well-known/security.txt";

    [Fact]
    public async Task The_file_names_the_contacts_and_its_expiry_and_disappears_when_it_expires()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("SecurityTxt:Contact", "mailto:security@example.com https://example.com/report"),
            ("SecurityTxt:Expires", "2200-01-02T03:04:05+09:00"));

        using var answer = await app.Http.GetAsync(Path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            """
            Contact: mailto:security@example.com
            Contact: https://example.com/report
            Expires: 2200-01-01T18:04:05Z
            Canonical: http://localhost:8400/.well-known/security.txt

            """.ReplaceLineEndings("\n"),
            await answer.Content.ReadAsStringAsync());
        app.Clock.SetUtcNow(new DateTimeOffset(2200, 1, 1, 18, 4, 5, TimeSpan.Zero));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(Path)).StatusCode);
    }

    [Fact]
    public async Task Without_a_contact_there_is_no_file()
    {
        await using var app = await AuthServerApp.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(Path)).StatusCode);
    }

    [Theory]
    [InlineData("security@example.com", "2200-01-01T00:00:00Z", "'security@example.com'")]
    [InlineData("http://example.com/", "2200-01-01T00:00:00Z", "'http://example.com/'")]
    [InlineData("mailto:security@example.com", null, "SecurityTxt:Expires is missing")]
    [InlineData("", "2200-01-01T00:00:00Z", "SecurityTxt:Contact is missing")]
    public void Wrong_settings_are_reported_at_start(string contact, string? expires, string named)
    {
        var options = new SecurityTxtOptions
        {
            Contact = contact,
            Expires = expires is null ? null : DateTimeOffset.Parse(expires, System.Globalization.CultureInfo.InvariantCulture),
        };

        var failure = Assert.Single(new SecurityTxtOptionsValidator().Validate(null, options).Failures!);

        Assert.Contains(named, failure, StringComparison.Ordinal);
    }
}
