using Prove;
using Rig;
using Xunit.Sdk;
using Xunit.v3;

// Experiments do not run in parallel, because each needs the whole machine.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Reliability.Tests;

/// <summary>Runs an experiment of <c>./build.sh prove</c> as a test, in its short form.</summary>
internal static class Experiment
{
    public static async Task OnPostgresAsync(Func<Findings, Store, Task> run, bool durable = false)
    {
        if (PostgresBinaries.Folder is null)
        {
            const string Reason = "PostgreSQL (initdb, postgres) is not installed.";
            Assert.False(Environment.GetEnvironmentVariable("CI") is "true", Reason);
            Assert.Skip(Reason);
        }

        await using var store = await Store.PostgresAsync(durable);
        await HoldsAsync(run, store);
    }

    public static async Task OnSqliteAsync(Func<Findings, Store, Task> run)
    {
        await using var store = Store.Sqlite();
        await HoldsAsync(run, store);
    }

    private static async Task HoldsAsync(Func<Findings, Store, Task> run, Store store)
    {
        var seed = Random.Shared.Next(1_000_000);
        var findings = new Findings(seed, judgesTimes: false);
        await run(findings, store);
        Assert.True(findings.Hold, $"seed {seed}{Environment.NewLine}{findings.Text}");
    }
}
