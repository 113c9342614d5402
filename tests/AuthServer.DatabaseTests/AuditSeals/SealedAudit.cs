using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.AuditSeals;

/// <summary>An audit of a few events with their links, for tests that then do something to it.</summary>
public abstract class SealedAudit(TestDatabase database) : ProviderTests(database)
{
    private protected const int Events = 12;

    private protected static readonly string Guid1 = Guid.CreateVersion7().ToString();

    // The tests of a class share a database.
    private protected async Task<Node> EmptyAsync()
    {
        var node = await NodeAsync();
        foreach (var table in new[] { "AuditEvents", "AuditSeals", "AuditCheckpoints", "AuditKeys" })
        {
            await node.SqlAsync($"""DELETE FROM "{table}" """);
        }

        return node;
    }

    private protected async Task<Node> SealedAsync()
    {
        var node = await EmptyAsync();
        await AddAsync(node, Events);
        await SealAsync(node);
        return node;
    }

    private protected static Task AddAsync(Node node, int count) => node.DoAsync<AuthDbContext>(async context =>
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

    private protected static Task SealAsync(Node node) => node.DoAsync<AuditSealRun>(run => run.RunAsync(CancellationToken.None));

    private protected static Task<string?> ProblemAsync(Node node, params IReadOnlyList<AuditAnchor> anchors) =>
        node.DoAsync<AuditDatabase, string?>(
            source => new AuditVerifier(source, anchors, trusted: []).FirstProblemAsync(CancellationToken.None));

    private protected static Task<Guid> EventAsync(Node node, long sequence) => node.DoAsync<AuthDbContext, Guid>(
        context => context.Set<AuditSeal>().Where(seal => seal.Sequence == sequence).Select(seal => seal.EventId).SingleAsync());

    private protected static Task<AuditAnchor> AnchorAsync(Node node) => node.DoAsync<AuthDbContext, AuditAnchor>(
        context => context.Set<AuditCheckpoint>().OrderByDescending(checkpoint => checkpoint.Sequence)
            .Select(checkpoint => new AuditAnchor(checkpoint.Sequence, checkpoint.Hash)).FirstAsync());

    private protected static Task<List<ReadableEvent>> ReadAsync(Node node, Guid person) => node.DoAsync<AuditQueries, List<ReadableEvent>>(
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
    private protected static string Is(string column, Guid id) => $"""UPPER(CAST("{column}" AS VARCHAR(36))) = '{id.ToString().ToUpperInvariant()}'""";

    private protected string Literal(string value) => value is "true" && Database.Provider is not DatabaseProvider.Postgres ? "1" : value;
}
