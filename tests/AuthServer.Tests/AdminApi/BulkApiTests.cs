using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

public sealed class BulkApiTests
{
    [Fact]
    public async Task Sign_ins_end_exactly_as_the_preview_showed()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var orders = app.Client(Seed.Orders, Seed.OrdersSecret);
        var carol = (await orders.SignInAsync("carol", AdminPlatform.Password)).AssertOk();
        var dave = (await orders.SignInAsync("dave", AdminPlatform.Password)).AssertOk();

        (await root.PostAsync("sessions:bulk", "{}")).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        (await root.PostAsync("sessions:bulk", """{ "action": "end", "filter": {} }""")).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        (await root.PostAsync("sessions:bulk", """{ "action": "delete", "filter": { "app": "orders" } }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        var preview = (await root.PostAsync("sessions:bulk", """{ "action": "end", "filter": { "app": "orders" } }""")).AssertOk();
        Assert.Equal(("2", "0", 2), (preview["count"], preview["done"], preview.Json.GetProperty("sample").GetArrayLength()));
        carol = (await orders.RefreshAsync(carol.RefreshToken)).AssertOk();

        // One more, which the preview did not show; and one less.
        var alice = (await orders.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        await app.SqlAsync($"""
            UPDATE Sessions SET EndedAt = {app.Clock.GetUtcNow().UtcTicks}, EndReason = 'logout'
            WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'dave')
            """);
        var step = $$"""{ "digest": "{{preview["digest"]}}" }""";
        (await root.PostAsync("users:bulk", step)).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await root.PostAsync("sessions:bulk", $$"""{ "action": "end", "digest": "{{preview["digest"]}}" }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        var done = (await root.PostAsync("sessions:bulk", step)).AssertOk();
        Assert.Equal(("2", "2"), (done["count"], done["done"]));
        Assert.Equal(["done", "unchanged"], Results(done).Order());
        (await orders.RefreshAsync(carol.RefreshToken)).AssertRefused("invalid_grant");
        (await orders.RefreshAsync(alice.RefreshToken)).AssertOk();
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'session.ended' AND Reason = 'ended_by_operator'"));

        // Nothing is left to do, and the results stay.
        Assert.Empty(Results((await root.PostAsync("sessions:bulk", step)).AssertOk()));
        Assert.Equal(Results(done), Results((await root.GetAsync($"sessions:bulk/{preview["digest"]}")).AssertOk()));
        (await orders.RefreshAsync(dave.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task People_are_changed_one_by_one_with_a_result_for_each()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var ids = new List<string>();
        foreach (var name in new[] { "one", "two", "three", "four" })
        {
            ids.Add((await root.PostAsync("users", $$"""{ "email": "{{name}}@example.test", "roles": ["customer"] }""")).AssertStatus(HttpStatusCode.Created)["id"]!);
        }

        // Somebody else is locked, somebody has gone, and somebody has more power by now.
        var helen = await app.AdminAsync("helen");
        var preview = (await helen.PostAsync("users:bulk", """{ "action": "lock", "filter": { "role": "customer", "prefix": "t" } }""")).AssertOk();
        Assert.Equal("2", preview["count"]);
        preview = (await helen.PostAsync("users:bulk", """{ "action": "lock", "filter": { "role": "customer" } }""")).AssertOk();
        Assert.Equal("5", preview["count"]);
        (await root.PostAsync($"users/{ids[0]}/lock")).AssertOk();
        (await root.DeleteAsync($"users/{ids[1]}")).AssertStatus(HttpStatusCode.NoContent);
        (await root.PostAsync($"users/{ids[2]}/roles/owner")).AssertOk();
        var step = $$"""{ "digest": "{{preview["digest"]}}" }""";
        (await root.PostAsync("users:bulk", step)).AssertProblem("not-found", HttpStatusCode.NotFound);
        var done = (await helen.PostAsync("users:bulk", step)).AssertOk();
        Assert.Equal(["done", "unchanged", "not_found", "too_powerful", "done"], Results(done));
        Assert.Equal("locked", (await root.GetAsync($"users/{ids[3]}"))["state"]);
        Assert.Equal("active", (await root.GetAsync($"users/{ids[2]}"))["state"]);
        Assert.Equal(2, await app.CountAsync($"""
            SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.disabled' AND ActorId = '{await app.IdOfAsync("helen")}'
            """));
    }

    [Fact]
    public async Task Roles_are_given_only_by_those_who_may_and_somebody_is_left_to_administer()
    {
        await using var app = await AdminPlatform.StartAsync();
        var (root, rita) = (await app.AdminAsync("root"), await app.AdminAsync("rita"));
        const string All = """{ "locked": false }""";
        (await rita.PostAsync("users:bulk", $$"""{ "action": "giveRole", "role": "owner", "filter": {{All}} }"""))
            .AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        (await root.PostAsync("users:bulk", $$"""{ "action": "giveRole", "role": "unknown", "filter": {{All}} }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        (await root.PostAsync("users:bulk", $$"""{ "action": "lock", "role": "owner", "filter": {{All}} }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);

        // Nobody locks themselves; nobody locks those above them.
        var names = (await rita.PostAsync("users:bulk", $$"""{ "action": "lock", "filter": {{All}} }""")).AssertOk().Json
            .GetProperty("sample").EnumerateArray().Select(user => user.GetProperty("name").GetString()!).ToList();
        Assert.Contains("carol", names);
        Assert.DoesNotContain("root", names);
        Assert.DoesNotContain("rita", names);

        var preview = (await root.PostAsync("users:bulk", $$"""{ "action": "giveRole", "role": "owner", "filter": { "prefix": "r" } }""")).AssertOk();
        Assert.Equal(["unchanged", "done"], Results((await root.PostAsync("users:bulk", $$"""{ "digest": "{{preview["digest"]}}" }""")).AssertOk()));
        preview = (await root.PostAsync("users:bulk", """{ "action": "takeRole", "role": "owner", "filter": { "prefix": "r" } }""")).AssertOk();
        var step = $$"""{ "digest": "{{preview["digest"]}}" }""";
        Assert.Equal(["done", "last_administrator"], Results((await (await app.AdminAsync("root")).PostAsync("users:bulk", step)).AssertOk()));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM UserRoles WHERE RoleId = (SELECT Id FROM Roles WHERE Name = 'owner')"));
    }

    [Fact]
    public async Task Invisible_characters_are_the_beginning_of_nobodys_name()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");

        var preview = (await root.PostAsync("users:bulk", """{ "action": "delete", "filter": { "prefix": "r\u200b" } }""")).AssertOk();
        Assert.Equal("0", preview["count"]);
        Assert.Equal(0, (await root.GetAsync("users?prefix=r%E2%80%8B")).AssertOk().Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Only_the_newest_previews_of_an_administrator_are_kept()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var digests = new List<string>();
        for (var number = 0; number < 12; number++)
        {
            digests.Add((await root.PostAsync("users:bulk", """{ "action": "unlock", "filter": { "role": "customer" } }""")).AssertOk()["digest"]!);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, await app.CountAsync("SELECT COUNT(*) FROM BulkPlans"));
        (await root.GetAsync($"users:bulk/{digests[1]}")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await root.GetAsync($"users:bulk/{digests[2]}")).AssertOk();
    }

    [Fact]
    public async Task A_step_that_waited_while_its_administrator_lost_power_does_nothing()
    {
        await using var app = await AdminPlatform.StartAsync();
        var (root, helen, helenId) = (await app.AdminAsync("root"), await app.AdminAsync("helen"), await app.IdOfAsync("helen"));
        var step = $$"""{ "digest": "{{(await helen.PostAsync("users:bulk", """{ "action": "lock", "filter": { "role": "customer" } }""")).AssertOk()["digest"]}}" }""";

        // Another request holds the lock. The step has passed the check of its token by then, and waits.
        await using var lockHolder = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={app.DatabasePath}");
        await lockHolder.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = lockHolder.BeginTransaction();
        var waiting = helen.PostAsync("users:bulk", step);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await using (var command = lockHolder.CreateCommand())
        {
            command.CommandText = "DELETE FROM UserRoles WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'helen')";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        // On a busy machine it may have come too late to wait; then it is refused at the door.
        Assert.Contains((await waiting).Status, new[] { HttpStatusCode.PreconditionFailed, HttpStatusCode.Forbidden });
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE DisabledAt IS NOT NULL"));
        (await root.GetAsync($"users/{helenId}")).AssertOk();
    }

    [Fact]
    public async Task Requests_at_once_and_another_node_do_each_thing_once()
    {
        await using var app = await AdminPlatform.StartAsync();
        await app.SqlAsync("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
            INSERT INTO Users (Id, UserName, NormalizedUserName, Email, NormalizedEmail, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount, CreatedAt, SecurityStamp, ConcurrencyStamp)
            SELECT printf('01900000-0000-7000-8000-%012X', i), 'bulk' || i, 'BULK' || i, 'bulk' || i || '@example.test', 'BULK' || i || '@EXAMPLE.TEST', 0, 0, 0, 1, 0, i, 's' || i, 'c' || i FROM n
            """);
        var root = await app.AdminAsync("root");
        var preview = (await root.PostAsync("users:bulk", """{ "action": "lock", "filter": { "prefix": "bulk" } }""")).AssertOk();
        Assert.Equal(("120", "10"), (preview["count"], preview.Json.GetProperty("sample").GetArrayLength().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var step = $$"""{ "digest": "{{preview["digest"]}}" }""";
        var results = new List<string>();
        await using (var second = AuthServerApp.Beside(app))
        {
            var other = await second.AdminAsync("root");
            for (var round = 0; results.Count < 120; round++)
            {
                Assert.True(round < 20, $"{results.Count} after {round} rounds");
                foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 4).Select(number => (number % 2 is 0 ? root : other).PostAsync("users:bulk", step))))
                {
                    if (answer.Status is HttpStatusCode.PreconditionFailed)
                    {
                        answer.AssertProblem("stale", HttpStatusCode.PreconditionFailed);
                    }
                    else if (answer.Status is not HttpStatusCode.ServiceUnavailable)
                    {
                        // SQLite lets only one write at a time; on a busy machine the others may wait too long.
                        results.AddRange(Results(answer.AssertOk()));
                    }
                }
            }
        }

        Assert.Equal(Enumerable.Repeat("done", 120), results);
        Assert.Equal(120, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.disabled'"));
        Assert.Equal(120, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE UserName LIKE 'bulk%' AND DisabledAt IS NOT NULL"));

        // All results, page by page; and gone a day later.
        var page = (await root.GetAsync($"users:bulk/{preview["digest"]}?limit=80")).AssertOk();
        Assert.Equal(80, Results(page).Count);
        Assert.Equal(40, Results((await root.GetAsync($"users:bulk/{preview["digest"]}?limit=80&cursor={page["next"]}")).AssertOk()).Count);
        app.Clock.Advance(TimeSpan.FromHours(25));
        (await (await app.AdminAsync("root")).GetAsync($"users:bulk/{preview["digest"]}")).AssertProblem("not-found", HttpStatusCode.NotFound);
    }

    private static List<string> Results(Answer answer) =>
        [.. answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("result").GetString()!)];
}
