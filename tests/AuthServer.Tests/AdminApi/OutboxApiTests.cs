using System.Net;
using System.Text.Json;
using AuthServer.Tests.Mail;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The waiting messages of the administration API, over HTTP.</summary>
public sealed class OutboxApiTests
{
    [Fact]
    public async Task A_mail_that_waits_is_shown_without_its_letter_and_sent_again()
    {
        await using var server = new MailServer();
        await using var app = await AdminPlatform.StartAsync(server.Settings);
        var root = await app.AdminAsync("root");
        (await root.PostAsync($"users/{await app.IdOfAsync("carol")}/invite")).AssertStatus(HttpStatusCode.NoContent);

        var mail = await WaitingAsync(root, "mails", mail => mail.GetProperty("lastError").ValueKind is JsonValueKind.String);
        Assert.Equal(
            ("invitation", "carol@example.test", 1),
            (mail.GetProperty("kind").GetString(), mail.GetProperty("recipient").GetString(), mail.GetProperty("attempts").GetInt32()));
        Assert.True(mail.GetProperty("dueAt").GetDateTimeOffset() > app.Clock.GetUtcNow());
        Assert.DoesNotContain("etter", mail.ToString(), StringComparison.Ordinal);

        (await root.PostAsync($"mails/{mail.GetProperty("id")}/retry")).AssertStatus(HttpStatusCode.NoContent);
        mail = (await root.GetAsync("mails")).AssertOk().Json.GetProperty("items")[0];
        Assert.Equal(app.Clock.GetUtcNow(), mail.GetProperty("dueAt").GetDateTimeOffset());

        // While the mail server is away, it is asked once a minute.
        server.Start();
        await app.UntilAsync(() => server.Taken.Count is 1, TimeSpan.FromSeconds(5));
        await UntilAsync(async () => (await root.PostAsync($"mails/{mail.GetProperty("id")}/retry")).Status is HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_logout_notice_that_waits_is_shown_and_sent_again()
    {
        await using var app = await AdminPlatform.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, Seed.Orders);
        receiver.Status = HttpStatusCode.Found;
        var root = await app.AdminAsync("root");
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("carol", AdminPlatform.Password)).AssertOk();
        var session = Guid.Parse((await app.TextAsync("SELECT Id FROM Sessions WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'carol')"))!);
        (await root.PostAsync($"sessions/{session}/end")).AssertOk();

        var notice = await WaitingAsync(root, "logout-notices", one => one.GetProperty("lastError").ValueKind is JsonValueKind.String);
        Assert.Equal(
            ("backchannel_logout", "orders", session),
            (notice.GetProperty("kind").GetString(), notice.GetProperty("recipient").GetString(), notice.GetProperty("sessionId").GetGuid()));

        receiver.Status = HttpStatusCode.OK;
        (await root.PostAsync($"logout-notices/{notice.GetProperty("id")}/retry")).AssertStatus(HttpStatusCode.NoContent);

        await UntilAsync(() => Task.FromResult(receiver.Tokens.Count is 2));
    }

    [Fact]
    public async Task Waiting_messages_are_read_page_by_page_by_those_who_may()
    {
        await using var server = new MailServer();
        await using var app = await AdminPlatform.StartAsync(server.Settings);
        var root = await app.AdminAsync("root");
        foreach (var name in new[] { "carol", "dave", "helen" })
        {
            (await root.PostAsync($"users/{await app.IdOfAsync(name)}/invite")).AssertStatus(HttpStatusCode.NoContent);
        }

        var ids = new List<string?>();
        for (string? path = "mails?limit=2"; path is not null;)
        {
            var page = (await root.GetAsync(path)).AssertOk();
            ids.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(mail => mail.GetProperty("id").GetString()));
            path = page["next"] is { Length: > 0 } next ? $"mails?limit=2&cursor={next}" : null;
        }

        Assert.Equal(3, ids.Distinct().Count());
        var audrey = await app.AdminAsync("audrey");
        (await audrey.GetAsync("mails")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await audrey.PostAsync($"mails/{ids[0]}/retry")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await root.PostAsync($"mails/{Guid.CreateVersion7()}/retry")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await root.PostAsync($"logout-notices/{Guid.CreateVersion7()}/retry")).AssertProblem("not-found", HttpStatusCode.NotFound);
    }

    private static async Task<JsonElement> WaitingAsync(AdminDriver admin, string path, Func<JsonElement, bool> isIt)
    {
        JsonElement? found = null;
        await UntilAsync(async () =>
        {
            var rows = (await admin.GetAsync(path)).AssertOk().Json.GetProperty("items").EnumerateArray().Where(isIt).ToList();
            found = rows.Count is 1 ? rows[0] : null;
            return found is not null;
        });
        return found!.Value;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 300 && !await condition(); attempt++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.True(await condition());
    }
}
