using System.Net;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

internal sealed class MailOptionsValidator(IHostEnvironment environment) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var failures = new SettingFailures(MailOptions.Section);
        CheckServer(options, failures);
        CheckSender(options, failures);
        failures.Between(options.GiveUpAfter, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), "1 minute and 30 days");
        failures.Between(options.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), "1 second and 2 minutes");
        return failures.Result;
    }

    private void CheckServer(MailOptions options, SettingFailures failures)
    {
        if (options.Host is { } host)
        {
            if (Uri.CheckHostName(host) is UriHostNameType.Unknown)
            {
                failures.Add(nameof(options.Host), $"is '{host}'; it must be a host name or an IP address.");
            }

            if (options.Folder is not null)
            {
                failures.Add(nameof(options.Folder), $"and {failures.Key(nameof(options.Host))} are both set; only one of them can be.");
            }

            // Anybody on the network path could read links that sign people in.
            if (options.Security is MailSecurity.None && !environment.IsDevelopment() && !IsLoopback(host))
            {
                failures.Add(
                    nameof(options.Security), "is None; outside Development that is only allowed to a mail server on this machine.");
            }
        }

        failures.Between(options.Port, 1, 65535);
        if (options.UserName is null != options.Password is null)
        {
            var (missing, given) = options.Password is null
                ? (nameof(options.Password), nameof(options.UserName))
                : (nameof(options.UserName), nameof(options.Password));
            failures.Add(missing, $"is missing, although {failures.Key(given)} is set.");
        }
    }

    private static void CheckSender(MailOptions options, SettingFailures failures)
    {
        if (options.From is null)
        {
            if (options.IsOn)
            {
                failures.Add(nameof(options.From), "is missing.");
            }
        }
        else if (!MailAddress.IsUsable(options.From))
        {
            failures.Add(nameof(options.From), $"is '{options.From}'; it must be a mail address, such as no-reply@example.com.");
        }

        if (options.FromName.Any(char.IsControl) || options.FromName.Length > 100)
        {
            failures.Add(nameof(options.FromName), "must be one line of at most 100 characters.");
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
