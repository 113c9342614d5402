using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.AuditSeals;

/// <summary>What the verification finds. Each test edits the database as somebody who can write to it would.</summary>
public abstract class AuditTamperTests(TestDatabase database) : SealedAudit(database)
{
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

    public sealed class OnSqlite(SqliteDatabase database) : AuditTamperTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AuditTamperTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AuditTamperTests(database), IClassFixture<SqlServerDatabase>;
}
