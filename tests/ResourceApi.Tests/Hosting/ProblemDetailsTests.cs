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
    public async Task Whatever_is_not_there_is_a_problem(string method, string path, HttpStatusCode status)
        => await (await running.Api.SendAsync(new HttpMethod(method), path, running.Issuer.Token())).ShouldBeProblemAsync(status);

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    public async Task A_problem_is_told_even_to_a_client_that_asks_for_something_else(string accept)
    {
        foreach (var (path, status) in new[] { ("/nothing", HttpStatusCode.NotFound), ("/api/me", HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd(accept);
            await (await running.Api.Client.SendAsync(request, TestContext.Current.CancellationToken)).ShouldBeProblemAsync(status);
        }
    }

    [Fact]
    public async Task A_fault_of_ours_is_a_problem_that_tells_nothing_of_it()
    {
        await using var api = new ResourceApiApp(running.Issuer);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(api.DatabaseFile, "This is no database.", TestContext.Current.CancellationToken);

        var response = await api.GetAsync("/api/notes", running.Issuer.Token());

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("database", problem.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }
}
