using Prove;

namespace Reliability.Tests;

public sealed class LoadTests
{
    [Fact]
    public Task A_flood_of_sign_ins_is_sent_away_and_who_is_signed_in_does_not_notice() =>
        Experiment.OnPostgresAsync((findings, store) => Flood.RunAsync(findings, store, TimeSpan.FromSeconds(3)));

    [Fact]
    public Task Everything_at_once_goes_well() => Experiment.OnPostgresAsync(
        (findings, store) => Soak.RunAsync(findings, store, TimeSpan.FromSeconds(6), expired: 2_000, judgesMemory: false));
}
