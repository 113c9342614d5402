using System.Text.Json.Nodes;
using AuthServer.AdminApi;
using AuthServer.Tests.Mail;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>Every operation of the document does what its example says, and answers in the shape of its schema.</summary>
public sealed class AdminExamplesTests
{
    [Fact]
    public async Task Every_operation_takes_its_example_and_answers_as_documented()
    {
        await using var mails = new MailServer();
        await using var app = await AdminPlatform.StartAsync([.. mails.Settings, ("Impersonation:Enabled", "true")]);
        using var stage = await AdminExampleStage.SetAsync(app);
        var document = JsonNode.Parse(await app.Http.GetStringAsync(AdminDocument.Path))!;
        var shape = new JsonShape(document);
        var problems = new List<string>();
        foreach (var (template, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var id = operation!["operationId"]!.GetValue<string>();
                if (!stage.Cases.TryGetValue(id, out var prepare))
                {
                    problems.Add($"{id}: AdminExampleStage has no case");
                    continue;
                }

                var path = template;
                foreach (var value in await prepare())
                {
                    path = path[..path.IndexOf('{', StringComparison.Ordinal)] + value + path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..];
                }

                var content = operation["requestBody"]?["content"]?.AsObject().Single().Value;
                if (content is not null)
                {
                    problems.AddRange(shape.Misfits(content["schema"]!, content["example"]!).Select(misfit => $"{id}, example: {misfit}"));
                }

                var needsVersion = operation["parameters"]?.AsArray().Any(parameter => parameter!["name"]!.GetValue<string>() is "If-Match") is true;
                var answer = await stage.Root.SendAsync(
                    HttpMethod.Parse(method), path[AdminDriver.Path.Length..], content?["example"]!.ToJsonString(),
                    [.. needsVersion ? [("If-Match", "*")] : Array.Empty<(string, string)>()]);
                problems.AddRange(Misfits(shape, operation, answer).Select(misfit => $"{id}: {misfit}"));
            }
        }

        Assert.Empty(problems);
    }

    // The documented success, and its examples: a list without items would show nothing.
    private static List<string> Misfits(JsonShape shape, JsonNode operation, Answer answer)
    {
        var (status, success) = operation["responses"]!.AsObject().Single(response => response.Key[0] is '2');
        if (status != $"{(int)answer.Status}")
        {
            return [$"{(int)answer.Status} {answer.Body}"];
        }

        if (success!["content"]?.AsObject() is not { } contents)
        {
            return answer.Body.Length is 0 ? [] : [$"a body that the document does not know: {answer.Body}"];
        }

        var (mediaType, content) = contents.Single(one => one.Key == answer.ContentType?.MediaType);
        if (mediaType is not "application/json")
        {
            return answer.Body.Length is 0 ? ["no body"] : [];
        }

        var body = JsonNode.Parse(answer.Body)!;
        var misfits = shape.Misfits(content!["schema"]!, body).ToList();
        if (body["items"] is JsonArray { Count: 0 } && body["digest"] is null)
        {
            misfits.Add("the list is empty");
        }

        if (status is "201" && answer.Headers.Location is null)
        {
            misfits.Add("no Location");
        }

        return content["example"] is { } example
            ? [.. misfits, .. shape.Misfits(content["schema"]!, example).Select(misfit => $"example of the answer: {misfit}")]
            : misfits;
    }
}
