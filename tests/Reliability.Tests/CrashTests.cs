using Prove;

namespace Reliability.Tests;

public sealed class CrashTests
{
    [Fact]
    public Task Killing_nodes_signs_nobody_out() =>
        Experiment.OnPostgresAsync((findings, store) => Kill.RunAsync(findings, store, nodes: 2, clients: 30, kills: 4));

    [Fact]
    public Task Killing_the_node_on_SQLite_signs_nobody_out() =>
        Experiment.OnSqliteAsync((findings, store) => Kill.RunAsync(findings, store, nodes: 1, clients: 40, kills: 2));

    [Fact]
    public Task Killing_nodes_leaves_no_change_without_its_event() =>
        Experiment.OnPostgresAsync((findings, store) => AuditKill.RunAsync(findings, store, nodes: 2, clients: 8, kills: 4));

    [Fact]
    public Task A_crash_of_the_database_makes_clients_wait_and_signs_nobody_out() => Experiment.OnPostgresAsync(
        (findings, store) => Outage.RunAsync(findings, store, nodes: 2, clients: 20, TimeSpan.FromSeconds(2)), durable: true);
}
