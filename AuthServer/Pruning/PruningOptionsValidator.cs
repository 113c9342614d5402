using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Pruning;

internal sealed class PruningOptionsValidator : IValidateOptions<PruningOptions>
{
    // SQL Server accepts at most 2,100 parameters in a statement.
    private const int LargestBatch = 2000;

    // Far longer than any leeway of refresh tokens, for which the lineage is needed.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, PruningOptions options)
    {
        var failures = new SettingFailures(PruningOptions.Section);
        failures.Between(options.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), "1 second and 30 days");
        failures.Between(options.Pause, TimeSpan.Zero, TimeSpan.FromSeconds(10), "0 and 10 seconds");
        failures.Between(options.Retention, ShortestRetention, TimeSpan.FromDays(3650), "1 hour and 3650 days");
        failures.Between(options.BatchSize, 1, LargestBatch);
        return failures.Result;
    }
}
