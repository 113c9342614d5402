using System.Net;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Notes;

public sealed class NotesTests(RunningApi running) : IClassFixture<RunningApi>
{
    private readonly string subject = Guid.CreateVersion7().ToString();

    private string Token => running.Issuer.TokenFor(subject, "notes.read notes.write");

    [Fact]
    public async Task A_note_is_written_and_read_back_where_the_answer_says()
    {
        var created = await running.Api.SendAsync(
            HttpMethod.Post, "/api/notes", Token, new { title = "Milk", text = "two litres — 🥛" });

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var read = await running.Api.GetAsync(created.Headers.Location!.ToString(), Token);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        var note = await read.JsonAsync();
        Assert.Equal("Milk", (string?)note["title"]);
        Assert.Equal("two litres — 🥛", (string?)note["text"]);
        Assert.Null(note["owner"]);
    }

    [Fact]
    public async Task The_list_has_the_newest_first()
    {
        foreach (var title in new[] { "one", "two", "three" })
        {
            await running.Api.SendAsync(HttpMethod.Post, "/api/notes", Token, new { title });
        }

        var list = await (await running.Api.GetAsync("/api/notes", Token)).JsonAsync();

        Assert.Equal(["three", "two", "one"], list.AsArray().Select(note => (string?)note!["title"]));
    }

    [Fact]
    public async Task The_list_has_no_more_than_a_hundred()
    {
        foreach (var number in Enumerable.Range(1, 101))
        {
            await running.Api.SendAsync(HttpMethod.Post, "/api/notes", Token, new { title = $"{number}" });
        }

        var list = (await (await running.Api.GetAsync("/api/notes", Token)).JsonAsync()).AsArray();

        Assert.Equal(100, list.Count);
        Assert.Equal("101", (string?)list[0]!["title"]);
    }

    [Fact]
    public async Task A_note_is_replaced_as_a_whole()
    {
        var path = await CreateAsync("Milk", "two litres");

        var replaced = await running.Api.SendAsync(HttpMethod.Put, path, Token, new { title = "Bread" });

        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        var note = await (await running.Api.GetAsync(path, Token)).JsonAsync();
        Assert.Equal("Bread", (string?)note["title"]);
        Assert.Equal("", (string?)note["text"]);
        Assert.True((DateTimeOffset)note["changedAt"]! > (DateTimeOffset)note["createdAt"]!);
    }

    [Fact]
    public async Task A_deleted_note_is_gone()
    {
        var path = await CreateAsync("Milk");

        Assert.Equal(HttpStatusCode.NoContent, (await running.Api.SendAsync(HttpMethod.Delete, path, Token)).StatusCode);

        await (await running.Api.GetAsync(path, Token)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await running.Api.SendAsync(HttpMethod.Delete, path, Token)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_persons_note_does_not_exist()
    {
        var path = await CreateAsync("secret");
        var other = running.Issuer.TokenFor(Guid.CreateVersion7().ToString(), "notes.read notes.write", role: "admin");

        await (await running.Api.GetAsync(path, other)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await running.Api.SendAsync(HttpMethod.Put, path, other, new { title = "mine" }))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await running.Api.SendAsync(HttpMethod.Delete, path, other)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty((await (await running.Api.GetAsync("/api/notes", other)).JsonAsync()).AsArray());
        Assert.Equal("secret", (string?)(await (await running.Api.GetAsync(path, Token)).JsonAsync())["title"]);
    }

    [Fact]
    public async Task A_client_has_notes_of_its_own()
    {
        var job = running.Issuer.Token(token =>
            (token.Claims["sub"], token.Claims["client_id"], token.Claims["scope"]) = (
                "nightly-job", "nightly-job", "notes.read notes.write"));
        await running.Api.SendAsync(HttpMethod.Post, "/api/notes", job, new { title = "ran" });
        await CreateAsync("Milk");

        var list = await (await running.Api.GetAsync("/api/notes", job)).JsonAsync();

        Assert.Equal("ran", (string?)Assert.Single(list.AsArray())!["title"]);
    }

    private async Task<string> CreateAsync(string title, string? text = null)
    {
        var created = await running.Api.SendAsync(HttpMethod.Post, "/api/notes", Token, new { title, text });
        return created.Headers.Location!.ToString();
    }
}
