using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.SupportCodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.DatabaseTests.SupportCodes;

/// <summary>Steps of support codes are written within their bounds and read in their order, on every provider.</summary>
public abstract class StepWriterTests(TestDatabase database) : ProviderTests(database)
{
    private const int Most = 1000;

    [Fact]
    public async Task Steps_are_read_in_the_order_in_which_they_were_made_and_written_once()
    {
        var node = await NodeAsync();
        var queue = new StepQueue(node.Clock);
        var code = SupportCode.New();
        SupportStep[] steps = [.. Enumerable.Range(0, 20).Select(number => Step(queue, code, $"step.{number}"))];
        var writer = Writer(node);

        await WriteAsync(node, writer, Enumerable.Reverse(steps).Take(15));
        await WriteAsync(node, writer, steps, isRepeated: true);

        var trace = await node.DoAsync<IServiceProvider, SupportTrace?>(services => new SupportQueries(
            services.GetRequiredService<AuthDbContext>(), services.GetRequiredService<AuditQueries>()).FindAsync(code, CancellationToken.None));
        Assert.Equal(steps.Select(step => step.Step), trace!.Steps.Select(row => row.Step.Step));
        Assert.All(trace.Steps, row => Assert.Null(row.Step.ClientId));
    }

    [Fact]
    public async Task The_oldest_steps_make_room_for_new_ones()
    {
        var node = await NodeAsync();
        await node.DoAsync<AuthDbContext>(context => context.Set<SupportStep>().ExecuteDeleteAsync());
        var queue = new StepQueue(node.Clock);
        var writer = Writer(node);
        for (var batch = 0; batch < 8; batch++)
        {
            await WriteAsync(node, writer, Enumerable.Range(0, 200).Select(_ => Step(queue, SupportCode.New(), $"batch.{batch}")));
        }

        var kept = await node.DoAsync<AuthDbContext, List<string>>(
            context => context.Set<SupportStep>().OrderBy(step => step.At).Select(step => step.Step).ToListAsync());
        Assert.InRange(kept.Count, 700, Most);
        Assert.Equal("batch.7", kept[^1]);
        Assert.DoesNotContain("batch.0", kept);
    }

    private static SupportStep Step(StepQueue queue, string code, string name) => new()
    {
        Id = Guid.CreateVersion7(),
        Code = code,
        At = queue.Now(),
        Step = name,
        ClientId = "an-app-that-nobody-has-registered",
        UserId = Guid.CreateVersion7(),
    };

    private static StepWriter Writer(Node node) => new(Options.Create(new SupportOptions { MostSteps = Most }), node.Clock);

    private static Task WriteAsync(Node node, StepWriter writer, IEnumerable<SupportStep> steps, bool isRepeated = false) =>
        node.DoAsync<AuthDbContext>(context => writer.WriteAsync(context, [.. steps], isRepeated, CancellationToken.None));

    public sealed class OnSqlite(SqliteDatabase database) : StepWriterTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : StepWriterTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : StepWriterTests(database), IClassFixture<SqlServerDatabase>;
}
