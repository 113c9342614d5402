using System.Net;
using System.Text.Json.Nodes;

namespace ResourceApi.Tests.Support;

internal static class ResponseAssertions
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    /// <summary>Asserts that the response is problem details (RFC 9457) that reveal nothing of the program's internals.</summary>
    public static async Task<JsonNode> ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"Expected {status}, got {response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);

        var problem = JsonNode.Parse(body)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["type"]!);
        Assert.NotEmpty((string)problem["traceId"]!);
        return problem;
    }

    /// <summary>Returns the only WWW-Authenticate header, which has the scheme Bearer and names the metadata (RFC 9728 5.1).</summary>
    public static string ShouldChallenge(this HttpResponseMessage response)
    {
        var challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.Contains(
            $"resource_metadata=\"{ResourceApiApp.Resource}/.well-known/oauth-protected-resource\"",
            challenge.Parameter,
            StringComparison.Ordinal);
        return challenge.Parameter!;
    }
}
