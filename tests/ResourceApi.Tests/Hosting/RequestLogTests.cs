using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class RequestLogTests
{
    [Fact]
    public async Task Each_request_is_one_line_of_json_with_a_trace_id()
    {
        await using var run = await Run.StartAsync();
        var response = await run.GetAsync("/api/me", run.Issuer.Token());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await Eventually.TrueAsync(() => Task.FromResult(run.Process.Output.Contains("/api/me", StringComparison.Ordinal)));

        var line = JsonNode.Parse(
            Assert.Single(Lines(run.Process), line => line.Contains("\"RequestPath\":\"/api/me\"", StringComparison.Ordinal)))!;
        Assert.Equal(200, (int)line["StatusCode"]!);
        Assert.Equal(32, ((string)line["@tr"]!).Length);
        Assert.All(Lines(run.Process), text => Assert.NotNull(JsonNode.Parse(text)));
    }

    [Theory]
    [InlineData(
        "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Hosting.Diagnostics", "OpenIddict",
        "System.Net.Http")]
    [InlineData("Microsoft", "OpenIddict.Validation", "OpenIddict.Validation.OpenIddictValidationDispatcher", "System")]
    public async Task No_token_is_in_the_log_even_at_the_most_verbose_level(params string[] sources)
    {
        await using var run = await Run.StartAsync(
            [
                ("Serilog:MinimumLevel:Default", "Verbose"),
                .. sources.Select(source => ($"Serilog:MinimumLevel:Override:{source}", "Verbose")),
            ]);
        string[] tokens =
        [
            run.Issuer.Token(),
            run.Issuer.Token(token => token.Claims["exp"] = 1),
            run.Issuer.Token(token => token.Header["kid"] = "nobody-knows"),
            run.Issuer.Token(token => token.Sign = _ => [1, 2, 3]),
        ];
        foreach (var token in tokens)
        {
            await run.GetAsync("/api/me", token);
            await run.GetAsync($"/api/me?access_token={token}");
            await run.GetAsync($"/nothing?access_token={token}", token);
        }

        await Eventually.TrueAsync(() => Task.FromResult(run.Process.Output.Split("\"RequestPath\":\"/nothing\"").Length > tokens.Length));

        Assert.All(tokens, token => Assert.DoesNotContain(token.Split('.')[1], run.Process.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_path_with_line_breaks_does_not_begin_a_new_log_line(string environment)
    {
        await using var run = await Run.StartAsync(("ASPNETCORE_ENVIRONMENT", environment));
        await run.GetAsync("/a%0AERR%20forged%0D%0AERR%20forged%1B%5B2J");

        await Eventually.TrueAsync(() => Task.FromResult(run.Process.Output.Contains("forged", StringComparison.Ordinal)));

        Assert.Contains(
            "/a", Assert.Single(Lines(run.Process), line => line.Contains("forged", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Process.Output);
    }

    private static string[] Lines(ApiProcess process) => process.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A running process of the API, and the issuer that it trusts.</summary>
    private sealed class Run(TestIssuer issuer, ApiProcess process, HttpClient client) : IAsyncDisposable
    {
        public TestIssuer Issuer => issuer;

        public ApiProcess Process => process;

        public static async Task<Run> StartAsync(params (string Key, string Value)[] settings)
        {
            var issuer = await TestIssuer.StartedAsync();
            var port = TestIssuer.FreePort();
            var process = ApiProcess.Start(
            [
                ("Issuer:Authority", issuer.Authority.AbsoluteUri),
                ("Api:Resource", ResourceApiApp.Resource),
                ("ConnectionStrings:ResourceApi", "Data Source=api.db"),
                ("ASPNETCORE_HTTP_PORTS", $"{port}"),
                .. settings,
            ]);
            var run = new Run(issuer, process, new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") });
            await Eventually.TrueAsync(async () => await run.IsReadyAsync());
            return run;
        }

        public async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await process.DisposeAsync();
            await issuer.DisposeAsync();
        }

        private async Task<bool> IsReadyAsync()
        {
            try
            {
                return (await GetAsync("/health/ready")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }
}
