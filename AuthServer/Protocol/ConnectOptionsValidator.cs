using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol;

internal sealed class ConnectOptionsValidator : IValidateOptions<ConnectOptions>
{
    // A bare number means days here but seconds in Django's settings: 604800 would be sixteen centuries.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly string Range = $"one second and {Longest.TotalDays} days, as d.hh:mm:ss";

    public ValidateOptionsResult Validate(string? name, ConnectOptions options)
    {
        var failures = new SettingFailures(ConnectOptions.Section);
        CheckIssuer(options.Issuer, failures);
        failures.Between(options.AccessTokenLifetime, Shortest, Longest, Range);
        failures.Between(options.IdentityTokenLifetime, Shortest, Longest, Range);
        failures.Between(options.RefreshTokenLifetime, Shortest, Longest, Range);
        failures.Between(options.RefreshTokenIdleLifetime, Shortest, Longest, Range);
        CheckAlgorithm(options.AccessTokenSigningAlgorithm, nameof(options.AccessTokenSigningAlgorithm), failures);
        CheckAlgorithm(options.IdentityTokenSigningAlgorithm, nameof(options.IdentityTokenSigningAlgorithm), failures);
        failures.Between(options.RefreshTokenLeeway, TimeSpan.Zero, TimeSpan.FromMinutes(10), "0 and 10 minutes");

        // RFC 9126 2.2
        failures.Between(
            options.PushedRequestLifetime, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(600), "5 and 600 seconds, as hh:mm:ss");
        return failures.Result;
    }

    private static void CheckIssuer(string? issuer, SettingFailures failures)
    {
        const string Setting = nameof(ConnectOptions.Issuer);
        if (string.IsNullOrWhiteSpace(issuer))
        {
            failures.Add(Setting, "is missing.");
        }
        else if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
            || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            failures.Add(Setting, $"is '{issuer}'; it must be an absolute https URL without query or fragment (RFC 8414 2).");
        }
        else if (!Ascii.IsValid(issuer))
        {
            failures.Add(Setting, $"is '{issuer}'; it must be of ASCII, with a host name as in DNS: '{uri.IdnHost}'.");
        }
        else if (uri.AbsolutePath is not "/")
        {
            failures.Add(Setting, $"is '{issuer}'; it must be an origin, without a path.");
        }
        else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
        {
            failures.Add(Setting, $"is '{issuer}'; it must be https: plain http is accepted on loopback only.");
        }
    }

    private static void CheckAlgorithm(string algorithm, string name, SettingFailures failures)
    {
        if (!SigningAlgorithms.All.Contains(algorithm))
        {
            failures.Add(name, $"is '{algorithm}'; it must be one of {string.Join(", ", SigningAlgorithms.All)}.");
        }
    }
}
