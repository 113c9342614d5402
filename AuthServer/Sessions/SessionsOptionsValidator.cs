using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

internal sealed class SessionsOptionsValidator : IValidateOptions<SessionsOptions>
{
    // Browsers keep no cookie longer than 400 days (RFC 6265bis 5.5).
    private const string Range = "one minute and 400 days, as d.hh:mm:ss";

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    public ValidateOptionsResult Validate(string? name, SessionsOptions options)
    {
        var failures = new SettingFailures(SessionsOptions.Section);
        failures.Between(options.BrowserLifetime, Shortest, Longest, Range);
        failures.Between(options.RememberedLifetime, Shortest, Longest, Range);
        return failures.Result;
    }
}
