using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

internal sealed class MailOptionsValidator(IHostEnvironment environment) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var failures = new List<string>();
        CheckServer(options, failures);
        CheckSender(options, failures);
        if (options.GiveUpAfter < TimeSpan.FromMinutes(1) || options.GiveUpAfter > TimeSpan.FromDays(30))
        {
            failures.Add($"{Key(nameof(options.GiveUpAfter))} is {options.GiveUpAfter}; it must be between 1 minute and 30 days.");
        }

        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(2))
        {
            failures.Add($"{Key(nameof(options.Timeout))} is {options.Timeout}; it must be between 1 second and 2 minutes.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private void CheckServer(MailOptions options, List<string> failures)
    {
        if (options.Host is { } host)
        {
            if (Uri.CheckHostName(host) is UriHostNameType.Unknown)
            {
                failures.Add($"{Key(nameof(options.Host))} is '{host}'; it must be a host name or an IP address.");
            }

            if (options.Folder is not null)
            {
                failures.Add($"{Key(nameof(options.Folder))} and {Key(nameof(options.Host))} are both set; only one of them can be.");
            }

            // Anybody on the network path could read links that sign people in.
            if (options.Security is MailSecurity.None && !environment.IsDevelopment() && !IsLoopback(host))
            {
                failures.Add($"{Key(nameof(options.Security))} is None; outside Development that is only allowed to a mail server on this machine.");
            }
        }

        if (options.Port is < 1 or > 65535)
        {
            failures.Add($"{Key(nameof(options.Port))} is {options.Port}; it must be between 1 and 65535.");
        }

        if (options.UserName is null != options.Password is null)
        {
            var (missing, given) = options.Password is null ? (nameof(options.Password), nameof(options.UserName)) : (nameof(options.UserName), nameof(options.Password));
            failures.Add($"{Key(missing)} is missing, although {Key(given)} is set.");
        }
    }

    private static void CheckSender(MailOptions options, List<string> failures)
    {
        if (options.From is null)
        {
            if (options.IsOn)
            {
                failures.Add($"{Key(nameof(options.From))} is missing.");
            }
        }
        else if (!MailAddress.IsUsable(options.From))
        {
            failures.Add($"{Key(nameof(options.From))} is '{options.From}'; it must be a mail address, such as no-reply@example.com.");
        }

        if (options.FromName.Any(char.IsControl) || options.FromName.Length > 100)
        {
            failures.Add($"{Key(nameof(options.FromName))} must be one line of at most 100 characters.");
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static string Key(string name) => $"{MailOptions.Section}:{name}";
}
