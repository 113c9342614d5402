using Microsoft.Extensions.Options;

namespace AuthServer.Pruning;

internal sealed class PruningOptionsValidator : IValidateOptions<PruningOptions>
{
    // SQL Server accepts at most 2,100 parameters in a statement.
    private const int LargestBatch = 2000;

    // Far longer than any leeway of refresh tokens, for which the lineage is needed.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestRetention = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, PruningOptions options)
    {
        var failures = new List<string>();
        Check(options.Interval, nameof(options.Interval), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), "1 second and 30 days");
        Check(options.Pause, nameof(options.Pause), TimeSpan.Zero, TimeSpan.FromSeconds(10), "0 and 10 seconds");
        Check(options.Retention, nameof(options.Retention), ShortestRetention, LongestRetention, "1 hour and 3650 days");
        if (options.BatchSize is < 1 or > LargestBatch)
        {
            failures.Add($"{PruningOptions.Section}:{nameof(options.BatchSize)} is {options.BatchSize}; it must be between 1 and {LargestBatch}.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(TimeSpan value, string key, TimeSpan least, TimeSpan most, string range)
        {
            if (value < least || value > most)
            {
                failures.Add($"{PruningOptions.Section}:{key} is {value}; it must be between {range}.");
            }
        }
    }
}
