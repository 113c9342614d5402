using System.Net;
using System.Text;
using AuthServer.Requests;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Requests;

public sealed class ErrorAnswersTests
{
    [Fact]
    public async Task A_bug_is_answered_with_server_error_and_its_cause_is_only_in_the_log()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.SqlAsync("""DROP TABLE "UserRoles"; ALTER TABLE "Users" RENAME TO "Gone" """);

        var answer = await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");

        answer.AssertRefused("server_error", HttpStatusCode.InternalServerError);
        Assert.Equal("""{"error":"server_error","error_description":"The server failed; the error has been logged."}""", answer.Body);
        Assert.Contains(
            app.Log,
            line => line.Contains("no such table: Users", StringComparison.Ordinal) && line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("//evil.example/?a=b")]
    [InlineData("/.//evil.example/")]
    [InlineData("/nothing?a=b")]
    public async Task The_links_of_an_error_page_stay_at_its_address(string path)
    {
        await using var app = await AuthServerApp.StartAsync();
        var address = app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path;
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await app.Http.SendAsync(request);

        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(
            path.Contains('?', StringComparison.Ordinal) ? "href=\"?a=b&amp;ui_locales=ko\"" : "href=\"?ui_locales=ko\"",
            page,
            StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_the_server_is_temporarily_unavailable()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        app.LoseDatabase();

        foreach (var answer in new[]
        {
            await client.SignInAsync("alice", "correct-horse-apple"),
            await client.IntrospectAsync("x"),
            await client.RevokeAsync("x"),
        })
        {
            answer.AssertRefused("temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
            Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
            Assert.DoesNotContain("SQLite", answer.Body, StringComparison.OrdinalIgnoreCase);
        }

        await app.StopAsync();

        // Each request writes one line about it, without a stack trace.
        Assert.Contains(app.Log, line => line.Contains("The database cannot be used", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_endpoint_of_the_protocol_is_refused_in_the_form_of_the_protocol()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await Answer.ReadAsync(await app.Http.GetAsync("/connect/no-such-endpoint"))).AssertRefused(
            "invalid_request", HttpStatusCode.NotFound);
        (await Answer.ReadAsync(await app.Http.GetAsync("/.well-known/no-such-document"))).AssertRefused(
            "invalid_request", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_unknown_address_is_answered_with_a_page_for_browsers_and_problem_details_for_programs()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var looked = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        looked.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");

        using var page = await app.Http.SendAsync(looked);
        using var problem = await app.Http.GetAsync("/nothing");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (page.StatusCode, problem.StatusCode));
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("style-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_unknown_page_is_answered_with_a_problem_document()
    {
        await using var app = await AuthServerApp.StartAsync();

        var answer = await Answer.ReadAsync(await app.Http.GetAsync("/no-such-page"));

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType?.MediaType);
        Assert.Equal("404", answer["status"]);
        Assert.NotEmpty(answer["traceId"]!);
    }

    [Fact]
    public async Task A_request_that_took_too_long_is_aborted_and_still_answered()
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext
        {
            RequestServices = services,
            RequestAborted = new CancellationToken(canceled: true),
            Request = { Path = "/connect/token" },
            Response = { Body = body },
        };

        await ErrorAnswers.AnswerTimeoutAsync(context);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
        Assert.Contains("temporarily_unavailable", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }
}
