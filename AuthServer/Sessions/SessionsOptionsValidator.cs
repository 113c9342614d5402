using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

internal sealed class SessionsOptionsValidator : IValidateOptions<SessionsOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    public ValidateOptionsResult Validate(string? name, SessionsOptions options)
    {
        var failures = new List<string>();
        Check(options.BrowserLifetime, nameof(options.BrowserLifetime));
        Check(options.RememberedLifetime, nameof(options.RememberedLifetime));
        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(TimeSpan value, string property)
        {
            // Browsers keep no cookie longer than 400 days (RFC 6265bis 5.5).
            if (value < Shortest || value > Longest)
            {
                failures.Add($"{SessionsOptions.Section}:{property} is {value}; it must be between one minute and {Longest.TotalDays} days, as d.hh:mm:ss.");
            }
        }
    }
}
