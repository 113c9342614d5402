using Prove;

namespace Reliability.Tests;

public sealed class LoadTests
{
    [Fact]
    public Task A_flood_of_sign_ins_is_refused_and_signed_in_users_do_not_notice() =>
        Experiment.OnPostgresAsync((findings, store) => Flood.RunAsync(findings, store, TimeSpan.FromSeconds(3)));

    [Fact]
    public Task Everything_at_once_goes_well() => Experiment.OnPostgresAsync(
        (findings, store) => Soak.RunAsync(findings, store, TimeSpan.FromSeconds(6), expired: 2_000, judgesMemory: false));
}
