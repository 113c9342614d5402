using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.AuditSeals;

/// <summary>The audit with its seals. Each test edits the database as somebody who can write to it would.</summary>
public abstract class AuditSealTests(TestDatabase database) : ProviderTests(database)
{
    private const int Events = 12;

    private static readonly string Guid1 = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task What_was_written_verifies()
    {
        var node = await SealedAsync();

        Assert.Null(await ProblemAsync(node));
        Assert.Equal(Events, (await node.DoAsync<AuthDbContext, int>(context => context.Set<AuditSeal>().CountAsync())));
    }

    [Theory]
    [InlineData("ActorId", "'somebody'")]
    [InlineData("Action", "'user.unlocked'")]
    [InlineData("TargetId", "'another'")]
    [InlineData("Reason", "'another'")]
    [InlineData("IsRefused", "true")]
    [InlineData("Changes", "'another'")]
    [InlineData("Encrypted", "null")]
    [InlineData("TraceId", "'0'")]
    [InlineData("Address", "'192.0.2.9'")]
    [InlineData("ActorKind", "'Client'")]
    public async Task An_edited_field_is_found(string column, string value)
    {
        var node = await SealedAsync();
        var id = await EventAsync(node, 5);

        await node.SqlAsync($"""UPDATE "AuditEvents" SET "{column}" = {Literal(value)} WHERE {Is("Id", id)}""");

        Assert.Equal($"link 5, event {id}: the event was changed", await ProblemAsync(node));
    }

    [Fact]
    public async Task An_edited_time_is_found()
    {
        var node = await SealedAsync();
        var id = await EventAsync(node, 5);

        await node.DoAsync<AuthDbContext>(context => context.Set<AuditEvent>().Where(entry => entry.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.At, entry => node.Clock.GetUtcNow().AddDays(-1))));

        Assert.Equal($"link 5, event {id}: the event was changed", await ProblemAsync(node));
    }

    [Fact]
    public async Task A_deleted_event_is_found()
    {
        var node = await SealedAsync();
        var id = await EventAsync(node, 5);

        await node.SqlAsync($"""DELETE FROM "AuditEvents" WHERE {Is("Id", id)}""");

        Assert.Equal($"link 5, event {id}: the event was deleted", await ProblemAsync(node));
    }

    [Fact]
    public async Task An_event_deleted_with_its_link_is_found()
    {
        var node = await SealedAsync();
        var id = await EventAsync(node, 5);

        await node.SqlAsync($"""DELETE FROM "AuditEvents" WHERE {Is("Id", id)}""");
        await node.SqlAsync("""DELETE FROM "AuditSeals" WHERE "Sequence" = 5""");

        Assert.Equal("link 5: it is missing", await ProblemAsync(node));
    }

    [Fact]
    public async Task A_deleted_beginning_is_found()
    {
        var node = await SealedAsync();

        await node.SqlAsync("""DELETE FROM "AuditEvents" WHERE "Id" IN (SELECT "EventId" FROM "AuditSeals" WHERE "Sequence" < 5)""");
        await node.SqlAsync("""DELETE FROM "AuditSeals" WHERE "Sequence" < 5""");

        Assert.Equal("link 1: it is missing", await ProblemAsync(node));
    }

    [Fact]
    public async Task Two_links_that_changed_places_are_found()
    {
        var node = await SealedAsync();

        await node.SqlAsync("""UPDATE "AuditSeals" SET "Sequence" = 1000 WHERE "Sequence" = 5""");
        await node.SqlAsync("""UPDATE "AuditSeals" SET "Sequence" = 5 WHERE "Sequence" = 6""");
        await node.SqlAsync("""UPDATE "AuditSeals" SET "Sequence" = 6 WHERE "Sequence" = 1000""");

        Assert.StartsWith("link 5, event ", await ProblemAsync(node), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_inserted_with_an_old_date_is_found()
    {
        var node = await SealedAsync();
        var inserted = new AuditEvent
        {
            At = node.Clock.GetUtcNow().AddDays(-3),
            Id = Guid.CreateVersion7(),
            ActorKind = "System",
            Action = AuditActions.UserUnlocked,
            TargetKind = AuditTargets.User,
            TargetId = Guid1,
        };
        await node.DoAsync<AuthDbContext>(context =>
        {
            context.Add(inserted);
            return context.SaveChangesAsync();
        });
        await SealAsync(node);

        Assert.StartsWith($"event {inserted.Id}: it has no link, although", await ProblemAsync(node), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_end_is_found_by_a_checkpoint_or_an_anchor()
    {
        var node = await SealedAsync();
        var anchor = await AnchorAsync(node);

        await node.SqlAsync("""DELETE FROM "AuditEvents" WHERE "Id" IN (SELECT "EventId" FROM "AuditSeals" WHERE "Sequence" > 8)""");
        await node.SqlAsync("""DELETE FROM "AuditSeals" WHERE "Sequence" > 8""");
        Assert.Equal($"link 9: it is missing: a checkpoint or an anchor has link {Events}", await ProblemAsync(node));

        await node.SqlAsync("""DELETE FROM "AuditCheckpoints" """);
        Assert.Null(await ProblemAsync(node));
        Assert.Equal($"link 9: it is missing: a checkpoint or an anchor has link {Events}", await ProblemAsync(node, anchor));
    }

    [Fact]
    public async Task A_history_that_was_sealed_anew_is_found_by_an_anchor()
    {
        var node = await SealedAsync();
        var anchor = await AnchorAsync(node);
        var id = await EventAsync(node, 5);

        // With the whole database and its keys in hand, somebody can write another history.
        foreach (var table in new[] { "AuditSeals", "AuditCheckpoints", "AuditKeys" })
        {
            await node.SqlAsync($"""DELETE FROM "{table}" """);
        }

        await node.SqlAsync($"""DELETE FROM "AuditEvents" WHERE {Is("Id", id)}""");
        await AddAsync(node, 1);
        await SealAsync(await NodeAsync());

        Assert.Null(await ProblemAsync(node));
        Assert.Equal($"link {Events}: the anchor has another hash: the history was sealed anew", await ProblemAsync(node, anchor));
    }

    [Fact]
    public async Task A_key_that_the_key_before_has_not_endorsed_is_found()
    {
        var node = await SealedAsync();
        node.Clock.Advance(TimeSpan.FromDays(91));
        await AddAsync(node, 1);
        await SealAsync(node);
        Assert.Null(await ProblemAsync(node));
        Assert.Equal(2, await node.DoAsync<AuthDbContext, int>(context => context.Set<AuditKey>().CountAsync()));
        Assert.Equal(1, await node.DoAsync<AuthDbContext, int>(context => context.Set<AuditKey>().CountAsync(key => key.ProtectedPrivateKey != null)));

        await node.SqlAsync("""UPDATE "AuditKeys" SET "Endorsement" = NULL""");

        Assert.Matches("^key .+: the key before, .+, has not endorsed it$", await ProblemAsync(node));
    }

    [Fact]
    public async Task A_forged_checkpoint_is_found()
    {
        var node = await SealedAsync();

        await node.DoAsync<AuthDbContext>(context => context.Set<AuditCheckpoint>()
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PrunedBefore, node.Clock.GetUtcNow())));

        Assert.Equal($"checkpoint {Events}: its signature is wrong", await ProblemAsync(node));
    }

    [Fact]
    public async Task Retention_deletes_by_class_and_stays_verifiable()
    {
        var node = await SealedAsync();
        node.Clock.Advance(TimeSpan.FromDays(200));
        await AddAsync(node, 3);
        await SealAsync(node);

        // The twelve are activity (kept 180 days) and one in four is a change (kept 730 days).
        Assert.Equal(9, await node.DoAsync<AuditPruning, int>(pruning => pruning.RunAsync(CancellationToken.None)));
        Assert.Null(await ProblemAsync(node));

        var id = await EventAsync(node, 4);
        await node.SqlAsync($"""DELETE FROM "AuditEvents" WHERE {Is("Id", id)}""");
        Assert.Equal($"link 4, event {id}: the event was deleted", await ProblemAsync(node));
    }

    [Fact]
    public async Task Links_that_no_event_needs_go_and_what_is_left_verifies()
    {
        var node = await SealedAsync();
        node.Clock.Advance(TimeSpan.FromDays(800));
        await AddAsync(node, 3);
        await SealAsync(node);

        Assert.Equal(Events, await node.DoAsync<AuditPruning, int>(pruning => pruning.RunAsync(CancellationToken.None)));

        Assert.Null(await ProblemAsync(node));
        Assert.Equal(Events, await node.DoAsync<AuthDbContext, long>(
            context => context.Set<AuditSeal>().MinAsync(seal => seal.Sequence)));
        Assert.Equal(0, await node.DoAsync<AuditPruning, int>(pruning => pruning.RunAsync(CancellationToken.None)));

        await node.SqlAsync($"""DELETE FROM "AuditSeals" WHERE "Sequence" <= {Events + 1}""");
        Assert.Equal($"link {Events + 1}: it is missing", await ProblemAsync(node));
    }

    [Fact]
    public async Task A_deletion_does_not_pass_for_retention()
    {
        var node = await SealedAsync();
        await node.SqlAsync("""DELETE FROM "AuditEvents" """);

        await node.DoAsync<AuditPruning, int>(pruning => pruning.RunAsync(CancellationToken.None));

        Assert.EndsWith("the event was deleted", await ProblemAsync(node), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task A_link_before_the_first_is_found(long sequence)
    {
        var node = await SealedAsync();
        await node.DoAsync<AuthDbContext>(context =>
        {
            var inserted = context.Record(new AuditFact(AuditActions.UserUnlocked, AuditTarget.User(Guid.CreateVersion7())));
            inserted.At = node.Clock.GetUtcNow().AddDays(-3);
            context.Add(new AuditSeal
            {
                Sequence = sequence,
                EventId = inserted.Id,
                Class = "Activity",
                At = inserted.At,
                Leaf = new byte[32],
                Hash = new byte[32],
            });
            return context.SaveChangesAsync();
        });

        Assert.StartsWith($"link {sequence}, event ", await ProblemAsync(node), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_does_not_sign_a_history_that_somebody_else_has_written()
    {
        var node = await SealedAsync();

        // The tables of links are empty, and a key is there.
        await node.SqlAsync("""DELETE FROM "AuditSeals" """);
        await node.SqlAsync("""DELETE FROM "AuditCheckpoints" """);
        await Assert.ThrowsAsync<AuditBrokenException>(() => SealAsync(node));

        // The last link is another one than this process has written.
        var other = await SealedAsync();
        await AddAsync(other, 1);
        await other.SqlAsync($"""DELETE FROM "AuditSeals" WHERE "Sequence" = {Events}""");
        await Assert.ThrowsAsync<AuditBrokenException>(() => SealAsync(other));
    }

    [Fact]
    public async Task A_key_of_somebody_else_under_a_known_id_is_found()
    {
        var node = await SealedAsync();
        using var theirs = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var bytes = theirs.ExportSubjectPublicKeyInfo();
        await node.DoAsync<AuthDbContext>(context => context.Set<AuditKey>()
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.PublicKey, bytes)));

        Assert.EndsWith("the public key does not match the id", await ProblemAsync(node), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_ring_of_Data_Protection_breaks_the_line_of_keys_and_nothing_else()
    {
        var node = await SealedAsync();
        var user = await SignIns.AddUserAsync(node);
        await SealAsync(node);
        var first = await node.DoAsync<AuthDbContext, string>(context => context.Set<AuditKey>().Select(key => key.KeyId).SingleAsync());
        await node.DoAsync<AuthDbContext>(async context =>
        {
            await context.Set<AuditKey>().ExecuteUpdateAsync(set => set.SetProperty(key => key.ProtectedPrivateKey, new byte[] { 1, 2, 3 }));
            await context.Set<PersonKey>().ExecuteUpdateAsync(set => set.SetProperty(key => key.ProtectedKey, new byte[] { 1, 2, 3 }));
        });

        await SignIns.BeginAsync(node, user);
        node.Clock.Advance(TimeSpan.FromMinutes(11));
        await SealAsync(node);

        var rows = await ReadAsync(node, user.Id);
        Assert.Equal("192.0.2.7", rows.First(row => row.Event.Action is AuditActions.SignInPassed).Personal?.Changes?["address"].After);
        Assert.Null(rows.Single(row => row.Event.Action is AuditActions.UserCreated).Personal);
        Assert.EndsWith("has not endorsed it", await ProblemAsync(node), StringComparison.Ordinal);
        var last = await node.DoAsync<AuthDbContext, string>(
            context => context.Set<AuditKey>().Where(key => key.Generation == 2).Select(key => key.KeyId).SingleAsync());
        Assert.Null(await node.DoAsync<AuditDatabase, string?>(
            source => new AuditVerifier(source, [], [first, last]).FirstProblemAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task An_attached_entity_has_the_values_of_the_database_before_it()
    {
        var node = await EmptyAsync();
        await SignIns.AddClientAsync(node);
        await node.DoAsync<AuthDbContext>(async context =>
        {
            var client = await context.Set<AuthServer.Clients.Client>().AsNoTracking().SingleAsync(row => row.ClientId == SignIns.Client);
            client.DisplayName = "Another name";
            context.Attach(client);
            client.ConcurrencyToken = Guid.CreateVersion7().ToString();
            context.Update(client);
            await context.SaveChangesAsync();
        });

        var entry = await node.DoAsync<AuthDbContext, AuditEvent>(
            context => context.Set<AuditEvent>().SingleAsync(row => row.Action == AuditActions.ClientChanged));
        Assert.Contains("displayName", entry.Changes, StringComparison.Ordinal);
        Assert.Contains("Another name", entry.Changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_verifies_without_the_database()
    {
        var node = await SealedAsync();
        var path = Path.GetTempFileName();
        await using (var file = File.CreateText(path))
        {
            await node.DoAsync<AuditDatabase>(source => AuditFile.WriteAsync(source, file, CancellationToken.None));
        }

        Assert.Null(await ProblemAsync());
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, text.Replace("wrong_password", "wrong_code", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Matches("^link [0-9]+, event .+: the event was changed$", await ProblemAsync());
        File.Delete(path);

        Task<string?> ProblemAsync() =>
            new AuditVerifier(AuditFile.Open(new FileInfo(path)), [], trusted: []).FirstProblemAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Deleting_an_account_destroys_what_names_the_person_and_the_audit_verifies()
    {
        var node = await EmptyAsync();
        var user = await SignIns.AddUserAsync(node);
        await SignIns.BeginAsync(node, user);
        await SealAsync(node);
        Assert.Contains(await ReadAsync(node, user.Id), row => row.Personal?.Changes?.GetValueOrDefault("userName")?.After == user.UserName);

        await node.DoAsync<UserManager<User>>(
            async users => Assert.True((await users.DeleteAsync((await users.FindByIdAsync($"{user.Id}"))!)).Succeeded));
        await SealAsync(node);

        var rows = await ReadAsync(node, user.Id);
        Assert.Contains(rows, row => row.Event.Action is AuditActions.UserDeleted);
        Assert.All(rows, row => Assert.Null(row.Personal));
        Assert.Equal(0, await node.DoAsync<AuthDbContext, int>(context => context.Set<PersonKey>().CountAsync(key => key.UserId == user.Id)));
        Assert.Null(await ProblemAsync(node));
    }

    [Fact]
    public async Task Two_sealers_at_once_seal_each_event_once()
    {
        var node = await SealedAsync();
        await AddAsync(node, 300);

        await Together.RunAsync(4, async _ =>
        {
            try
            {
                await SealAsync(node);
            }
            catch (DbUpdateException)
            {
                // The other one was faster.
            }

            return true;
        });
        await SealAsync(node);

        Assert.Null(await ProblemAsync(node));
        Assert.Equal(Events + 300, await node.DoAsync<AuthDbContext, int>(context => context.Set<AuditSeal>().CountAsync()));
    }

    [Fact]
    public async Task A_change_that_is_not_saved_leaves_no_event()
    {
        var node = await EmptyAsync();
        var user = await SignIns.AddUserAsync(node);
        await node.DoAsync<AuthDbContext>(async context =>
        {
            var entry = context.Add(new Role { Id = Guid.CreateVersion7(), Name = new string('r', 1) });
            context.Add(new User { Id = user.Id, UserName = user.UserName, CreatedAt = node.Clock.GetUtcNow() });
            await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync());
            foreach (var added in context.ChangeTracker.Entries<User>().ToList())
            {
                added.State = EntityState.Detached;
            }

            entry.State = EntityState.Detached;
            await context.SaveChangesAsync();
        });

        Assert.Equal(0, await node.DoAsync<AuthDbContext, int>(context => context.Set<AuditEvent>().CountAsync(
            entry => entry.Action == AuditActions.RoleCreated)));
    }

    // The tests of a class share a database.
    private async Task<Node> EmptyAsync()
    {
        var node = await NodeAsync();
        foreach (var table in new[] { "AuditEvents", "AuditSeals", "AuditCheckpoints", "AuditKeys" })
        {
            await node.SqlAsync($"""DELETE FROM "{table}" """);
        }

        return node;
    }

    private async Task<Node> SealedAsync()
    {
        var node = await EmptyAsync();
        await AddAsync(node, Events);
        await SealAsync(node);
        return node;
    }

    private static Task AddAsync(Node node, int count) => node.DoAsync<AuthDbContext>(async context =>
    {
        for (var index = 1; index <= count; index++)
        {
            var entry = context.Record(index % 4 is 0
                ? new AuditFact(AuditActions.UserEnabled, AuditTarget.User(Guid.CreateVersion7()))
                : new AuditFact(AuditActions.SignInRefused, new AuditTarget(AuditTargets.User, Guid1), "wrong_password")
                {
                    Changes = AuditFact.Set("client", "orders"),
                });

            // The order of the links is that of the times.
            (entry.Encrypted, entry.At) = ([1, 2, 3], node.Clock.GetUtcNow().AddMilliseconds(index));
        }

        await context.SaveChangesAsync();
    });

    private static Task SealAsync(Node node) => node.DoAsync<AuditSealRun>(run => run.RunAsync(CancellationToken.None));

    private static Task<string?> ProblemAsync(Node node, params IReadOnlyList<AuditAnchor> anchors) =>
        node.DoAsync<AuditDatabase, string?>(
            source => new AuditVerifier(source, anchors, trusted: []).FirstProblemAsync(CancellationToken.None));

    private static Task<Guid> EventAsync(Node node, long sequence) => node.DoAsync<AuthDbContext, Guid>(
        context => context.Set<AuditSeal>().Where(seal => seal.Sequence == sequence).Select(seal => seal.EventId).SingleAsync());

    private static Task<AuditAnchor> AnchorAsync(Node node) => node.DoAsync<AuthDbContext, AuditAnchor>(
        context => context.Set<AuditCheckpoint>().OrderByDescending(checkpoint => checkpoint.Sequence)
            .Select(checkpoint => new AuditAnchor(checkpoint.Sequence, checkpoint.Hash)).FirstAsync());

    private static Task<List<ReadableEvent>> ReadAsync(Node node, Guid person) => node.DoAsync<AuditQueries, List<ReadableEvent>>(
        async queries =>
        {
            var rows = new List<ReadableEvent>();
            await foreach (var page in queries.PagesAsync(new AuditFilter { Person = person }, 1000, CancellationToken.None))
            {
                rows.AddRange(page);
            }

            return rows;
        });

    // SQLite keeps ids as text in upper case.
    private static string Is(string column, Guid id) => $"""UPPER(CAST("{column}" AS VARCHAR(36))) = '{id.ToString().ToUpperInvariant()}'""";

    private string Literal(string value) => value is "true" && Database.Provider is not DatabaseProvider.Postgres ? "1" : value;

    public sealed class OnSqlite(SqliteDatabase database) : AuditSealTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AuditSealTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AuditSealTests(database), IClassFixture<SqlServerDatabase>;
}
