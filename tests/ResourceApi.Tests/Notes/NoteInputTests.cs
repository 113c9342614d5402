using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Notes;

public sealed class NoteInputTests(RunningApi running) : IClassFixture<RunningApi>
{
    private string Token => running.Issuer.TokenFor(Guid.CreateVersion7().ToString(), "notes.read notes.write");

    [Theory]
    [InlineData("POST", "{}")]
    [InlineData("POST", """{"title":null}""")]
    [InlineData("POST", """{"title":""}""")]
    [InlineData("POST", """{"title":"   "}""")]
    [InlineData("PUT", """{"text":"no title"}""")]
    public async Task A_note_without_title_is_a_validation_problem_of_the_title(string method, string json)
    {
        var problem = await (await SendAsync(method, json)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        Assert.True(problem["errors"]?["title"] is not null, problem.ToJsonString());
    }

    [Theory]
    [InlineData(201, 0, "title")]
    [InlineData(1, 10_001, "text")]
    public async Task A_note_that_is_too_long_is_a_validation_problem(int title, int text, string member)
    {
        var json = $$"""{"title":"{{new string('x', title)}}","text":"{{new string('x', text)}}"}""";

        var problem = await (await SendAsync("POST", json)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        Assert.NotNull(problem["errors"]?[member]);
    }

    [Fact]
    public async Task All_faults_are_reported_at_once()
    {
        var problem = await (await SendAsync("POST", $$"""{"text":"{{new string('x', 10_001)}}"}"""))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest);

        Assert.Equal(2, problem["errors"]!.AsObject().Count);
    }

    [Fact]
    public async Task A_note_of_the_greatest_length_is_accepted_even_if_every_character_is_escaped()
    {
        // A character outside the basic plane takes twelve bytes when it is escaped.
        var text = string.Concat(Enumerable.Repeat(@"\ud83e\udd5b", 5_000));

        var response = await SendAsync("POST", $$"""{"title":"{{new string('x', 200)}}","text":"{{text}}"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"title":1}""")]
    [InlineData("""{"title":{"a":[]}}""")]
    [InlineData("\0")]
    public async Task Malformed_json_is_a_bad_request(string json) =>
        await (await SendAsync("POST", json)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Another_content_type_is_unsupported() =>
        await (await SendAsync("POST", "title=x", "application/x-www-form-urlencoded")).ShouldBeProblemAsync(
            HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task A_very_large_body_is_refused_as_too_large() =>
        await (await SendAsync("POST", $$"""{"title":"{{new string('x', 1024 * 1024)}}"}""")).ShouldBeProblemAsync(
            HttpStatusCode.RequestEntityTooLarge);

    private Task<HttpResponseMessage> SendAsync(string method, string content, string type = "application/json")
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return running.Api.SendAsync(
            new HttpMethod(method), method is "PUT" ? $"/api/notes/{Guid.CreateVersion7()}" : "/api/notes", Token, body);
    }
}
