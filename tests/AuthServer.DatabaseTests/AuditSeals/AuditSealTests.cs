using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.AuditSeals;

/// <summary>How the audit is written, sealed, kept and erased.</summary>
public abstract class AuditSealTests(TestDatabase database) : SealedAudit(database)
{
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

    public sealed class OnSqlite(SqliteDatabase database) : AuditSealTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AuditSealTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AuditSealTests(database), IClassFixture<SqlServerDatabase>;
}
