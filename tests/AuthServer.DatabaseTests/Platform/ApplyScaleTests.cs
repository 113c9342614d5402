using System.Text;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Passwords;
using AuthServer.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Platform;

/// <summary>
/// The cost of a large file, counted in statements, in rows that are read and in entities that a context tracks. These numbers do
/// not depend on how busy the machine is.
/// </summary>
public abstract class ApplyScaleTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task Twice_as_many_entries_take_twice_as_many_statements_and_rows_and_no_more_memory()
    {
        var few = await CreateAsync("few", ApplyRun.BatchSize);
        var many = await CreateAsync("many", 2 * ApplyRun.BatchSize);

        Assert.InRange(many.Statements, few.Statements, few.Statements * 2.2);
        Assert.InRange(many.Rows, 0, 10 * ApplyRun.BatchSize);

        // For each entry: its row, its mark, its event, and for a user the key that protects what the event says.
        Assert.InRange(many.Held, 1, 4 * ApplyRun.BatchSize + 10);
    }

    [Fact]
    public async Task A_file_that_changes_nothing_and_a_dry_run_only_read()
    {
        var node = (await NodeAsync(services => Configure(services, new RoundTrips(), new Held()))).WithKeys();
        var path = await WriteAsync("again", 10);
        var applier = node.Services.GetRequiredService<PlatformApplier>();
        Assert.Equal(30, (await applier.ApplyAsync(path, keep: true, CancellationToken.None)).CreatedCount);
        await using var scope = node.Services.CreateAsyncScope();
        var other = scope.ServiceProvider.GetRequiredService<AuthDbContext>();

        // Another client's long write transaction. SQLite has one writer at a time, so a second writer would wait and fail.
        await other.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await other.Database.BeginTransactionAsync();
            await other.Set<PlatformEntry>().Where(entry => entry.Mark == "nobody's").ExecuteDeleteAsync();

            Assert.Equal(30, (await applier.ApplyAsync(path, keep: true, CancellationToken.None)).UnchangedCount);
            Assert.Equal(60, (await applier.ApplyAsync(await WriteAsync("more", 20), keep: false, CancellationToken.None)).CreatedCount);
        });
    }

    [Fact]
    public async Task Nodes_that_apply_a_file_concurrently_apply_it_once()
    {
        var path = await WriteAsync("together", 40);
        var node = (await NodeAsync(services => Configure(services, new RoundTrips(), new Held()))).WithKeys();
        var other = (await NodeAsync(services => Configure(services, new RoundTrips(), new Held()))).WithKeys();

        var reports = await Task.WhenAll(new[] { node, other }.Select(each =>
            Task.Run(() => each.Services.GetRequiredService<PlatformApplier>().ApplyAsync(path, keep: true, CancellationToken.None))));

        Assert.All(reports, report => Assert.Empty(report.Problems));
        Assert.Equal(
            40, await node.DoAsync<AuthDbContext, int>(context => context.Users.CountAsync(user => user.UserName!.StartsWith("together"))));
    }

    private async Task<(int Statements, int Rows, int Held)> CreateAsync(string prefix, int count)
    {
        var (statements, held) = (new RoundTrips(), new Held());
        var node = (await NodeAsync(services => Configure(services, statements, held))).WithKeys();
        var report = await node.Services.GetRequiredService<PlatformApplier>()
            .ApplyAsync(await WriteAsync(prefix, count), keep: true, CancellationToken.None);
        Assert.Empty(report.Problems);
        Assert.Equal(3 * count, report.CreatedCount);
        return (statements.Count, held.Read, held.Most);
    }

    private static async Task<string> WriteAsync(string prefix, int count)
    {
        var text = new StringBuilder($"apis:\n  - resource: https://{prefix}.example.test\n    scopes:\n");
        for (var index = 0; index < count; index++)
        {
            text.Append(null, $"      - {{ name: {prefix}.{index}, description: To read }}\n");
        }

        text.Append("apps:\n");
        for (var index = 0; index < count; index++)
        {
            text.Append(null, $"  - {{ id: {prefix}-{index}, type: public, grants: [password] }}\n");
        }

        text.Append("users:\n");
        for (var index = 0; index < count; index++)
        {
            text.Append(null, $"  - {{ name: {prefix}{index}, email: {prefix}{index}@example.test }}\n");
        }

        var path = Path.Combine(Directory.CreateTempSubdirectory("authserver-scale-").FullName, "platform.yaml");
        await File.WriteAllTextAsync(path, text.ToString());
        return path;
    }

    private static void Configure(IServiceCollection services, RoundTrips statements, Held held)
    {
        services.AddPasswords();
        services.AddPlatform();
        services.ConfigureDbContext<SqliteAuthDbContext>(options => options.AddInterceptors(statements.OfCommands, held));
        services.ConfigureDbContext<PostgresAuthDbContext>(options => options.AddInterceptors(statements.OfCommands, held));
        services.ConfigureDbContext<SqlServerAuthDbContext>(options => options.AddInterceptors(statements.OfCommands, held));
    }

    // Counted at each save, when the context tracks most entities; saving costs as much as it tracks.
    private sealed class Held : SaveChangesInterceptor, IMaterializationInterceptor
    {
        public int Most { get; private set; }

        public int Read { get; private set; }

        public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
        {
            Read++;
            return entity;
        }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Most = Math.Max(Most, eventData.Context!.ChangeTracker.Entries().Count());
            return base.SavingChangesAsync(eventData, result, cancellationToken);
        }
    }

    public sealed class OnSqlite(SqliteDatabase database) : ApplyScaleTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : ApplyScaleTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : ApplyScaleTests(database), IClassFixture<SqlServerDatabase>;
}
