using System.Net;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class ProblemDetailsTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/api/me", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/notes/1", HttpStatusCode.NotFound)]
    public async Task An_unknown_route_or_method_is_answered_with_problem_details(string method, string path, HttpStatusCode status) =>
        await (await running.Api.SendAsync(new HttpMethod(method), path, running.Issuer.Token())).ShouldBeProblemAsync(status);

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    public async Task A_client_gets_problem_details_even_if_it_does_not_accept_json(string accept)
    {
        foreach (var (path, status) in new[] { ("/nothing", HttpStatusCode.NotFound), ("/api/me", HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd(accept);
            await (await running.Api.Client.SendAsync(request, TestContext.Current.CancellationToken)).ShouldBeProblemAsync(status);
        }
    }

    [Theory]
    [InlineData("application/json; charset=bogus")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=\"bogus\"")]
    [InlineData("application/problem+json; charset=utf-16")]
    [InlineData("application/json; charset=")]
    [InlineData("application/json; charset=utf-16; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nothing")]
    public async Task A_body_that_is_not_json_in_utf8_is_a_client_error(string type) =>
        await (await PostNoteAsync(type)).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=utf-8; charset=bogus")]
    public async Task Json_may_say_that_it_is_in_utf8(string type) =>
        Assert.Equal(HttpStatusCode.Created, (await PostNoteAsync(type)).StatusCode);

    [Fact]
    public async Task An_exception_is_answered_with_problem_details_that_reveal_nothing()
    {
        await using var api = new ResourceApiApp(running.Issuer);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(api.DatabaseFile, "This is no database.", TestContext.Current.CancellationToken);

        var response = await api.GetAsync("/api/notes", running.Issuer.Token());

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("database", problem.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    private async Task<HttpResponseMessage> PostNoteAsync(string type)
    {
        using var body = new StringContent("""{"title":"t"}""");
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        return await running.Api.SendAsync(HttpMethod.Post, "/api/notes", running.Issuer.Token(), body);
    }
}
