using System.Net;
using System.Net.Sockets;
using System.Text;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class TokenPlacementTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task A_token_in_the_query_is_refused()
    {
        var response = await running.Api.GetAsync($"/api/me?access_token={running.Issuer.Token()}");

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        Assert.Contains("error=\"invalid_request\"", response.ShouldChallenge(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_query_is_refused_even_beside_a_good_one_in_the_header()
    {
        var token = running.Issuer.Token();

        var response = await running.Api.GetAsync($"/api/me?access_token={token}", token);

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_token_in_a_form_is_ignored()
    {
        var form = new FormUrlEncodedContent([new("access_token", running.Issuer.Token())]);

        var response = await running.Api.SendAsync(HttpMethod.Delete, $"/api/notes/{Guid.CreateVersion7()}", body: form);

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused_even_with_the_same_good_token()
    {
        var header = $"Authorization: Bearer {running.Issuer.Token()}\r\n";

        var answer = await SendRawAsync(
            $"GET /api/me HTTP/1.1\r\nHost: {running.Api.Address.Authority}\r\nConnection: close\r\n{header}{header}\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_request\"", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic b3JkZXJzOm9yZGVycw==")]
    [InlineData("Bearer")]
    [InlineData("DPoP {0}")]
    [InlineData("{0}")]
    public async Task An_authorization_header_without_a_bearer_token_is_no_token(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.TryAddWithoutValidation("Authorization", header.Replace("{0}", running.Issuer.Token(), StringComparison.Ordinal));

        var response = await running.Api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
        Assert.DoesNotContain("error=", response.ShouldChallenge(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scheme_is_read_in_any_case()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.TryAddWithoutValidation("Authorization", $"bearer {running.Issuer.Token()}");

        var response = await running.Api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<string> SendRawAsync(string request)
    {
        // HttpClient would merge the two headers into one.
        using var connection = new TcpClient();
        await connection.ConnectAsync(running.Api.Address.Host, running.Api.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
