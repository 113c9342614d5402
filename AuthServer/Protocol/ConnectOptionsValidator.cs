using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol;

internal sealed class ConnectOptionsValidator : IValidateOptions<ConnectOptions>
{
    // A bare number means days here but seconds in Django's settings: 604800 would be sixteen centuries.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, ConnectOptions options)
    {
        var failures = new List<string>();
        CheckIssuer(options.Issuer, failures);
        CheckLifetime(options.AccessTokenLifetime, nameof(options.AccessTokenLifetime), failures);
        CheckLifetime(options.IdentityTokenLifetime, nameof(options.IdentityTokenLifetime), failures);
        CheckLifetime(options.RefreshTokenLifetime, nameof(options.RefreshTokenLifetime), failures);
        CheckLifetime(options.RefreshTokenIdleLifetime, nameof(options.RefreshTokenIdleLifetime), failures);
        CheckAlgorithm(options.AccessTokenSigningAlgorithm, nameof(options.AccessTokenSigningAlgorithm), failures);
        CheckAlgorithm(options.IdentityTokenSigningAlgorithm, nameof(options.IdentityTokenSigningAlgorithm), failures);
        if (options.RefreshTokenLeeway < TimeSpan.Zero || options.RefreshTokenLeeway > TimeSpan.FromMinutes(10))
        {
            failures.Add($"{Key(nameof(options.RefreshTokenLeeway))} is {options.RefreshTokenLeeway}; it must be between 0 and 10 minutes.");
        }

        // RFC 9126 2.2
        if (options.PushedRequestLifetime < TimeSpan.FromSeconds(5) || options.PushedRequestLifetime > TimeSpan.FromSeconds(600))
        {
            failures.Add(
                $"{Key(nameof(options.PushedRequestLifetime))} is {options.PushedRequestLifetime}; it must be between 5 and 600 seconds, as hh:mm:ss.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckIssuer(string? issuer, List<string> failures)
    {
        var key = Key(nameof(ConnectOptions.Issuer));
        if (string.IsNullOrWhiteSpace(issuer))
        {
            failures.Add($"{key} is missing.");
        }
        else if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
            || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            failures.Add($"{key} is '{issuer}'; it must be an absolute https URL without query or fragment (RFC 8414 2).");
        }
        else if (!Ascii.IsValid(issuer))
        {
            failures.Add($"{key} is '{issuer}'; it must be of ASCII, with a host name as in DNS: '{uri.IdnHost}'.");
        }
        else if (uri.AbsolutePath is not "/")
        {
            failures.Add($"{key} is '{issuer}'; it must be an origin, without a path.");
        }
        else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
        {
            failures.Add($"{key} is '{issuer}'; it must be https: plain http is accepted on loopback only.");
        }
    }

    private static void CheckLifetime(TimeSpan? lifetime, string name, List<string> failures)
    {
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > Longest)
        {
            failures.Add($"{Key(name)} is {lifetime}; it must be between one second and {Longest.TotalDays} days, as d.hh:mm:ss.");
        }
    }

    private static void CheckAlgorithm(string algorithm, string name, List<string> failures)
    {
        if (!SigningAlgorithms.All.Contains(algorithm))
        {
            failures.Add($"{Key(name)} is '{algorithm}'; it must be one of {string.Join(", ", SigningAlgorithms.All)}.");
        }
    }

    private static string Key(string name) => $"{ConnectOptions.Section}:{name}";
}
