using Prove;

namespace Reliability.Tests;

public sealed class RaceTests
{
    private const int Rounds = 15;

    [Fact]
    public Task Parallel_refreshes_at_two_nodes_share_one_successor() =>
        Experiment.OnPostgresAsync((findings, store) => Race.RunAsync(findings, store, nodes: 2, Rounds, leeway: true));

    [Fact]
    public Task Parallel_refreshes_on_SQLite_share_one_successor() =>
        Experiment.OnSqliteAsync((findings, store) => Race.RunAsync(findings, store, nodes: 1, Rounds, leeway: true));

    [Fact]
    public Task Without_a_leeway_one_of_parallel_refreshes_at_two_nodes_succeeds() =>
        Experiment.OnPostgresAsync((findings, store) => Race.RunAsync(findings, store, nodes: 2, Rounds, leeway: false));

    [Fact]
    public Task Without_a_leeway_one_of_parallel_refreshes_on_SQLite_succeeds() =>
        Experiment.OnSqliteAsync((findings, store) => Race.RunAsync(findings, store, nodes: 1, Rounds, leeway: false));
}
