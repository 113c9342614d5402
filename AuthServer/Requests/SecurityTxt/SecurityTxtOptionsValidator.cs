using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests.SecurityTxt;

internal sealed class SecurityTxtOptionsValidator : IValidateOptions<SecurityTxtOptions>
{
    private static readonly string[] Schemes = ["mailto", "https", "tel"];

    public ValidateOptionsResult Validate(string? name, SecurityTxtOptions options)
    {
        var failures = new SettingFailures(SecurityTxtOptions.Section);
        foreach (var contact in options.Contacts)
        {
            if (!Uri.TryCreate(contact, UriKind.Absolute, out var uri) || !Schemes.Contains(uri.Scheme))
            {
                failures.Add(nameof(options.Contact), $"has '{contact}'; it must be a mailto:, https: or tel: address (RFC 9116 2.5.3).");
            }
        }

        if (options.Contacts.Count > 0 && options.Expires is null)
        {
            failures.Add(
                nameof(options.Expires), "is missing: with a contact, the file needs an instant at which it expires (RFC 9116 2.5.5).");
        }

        if (options.Contacts.Count is 0 && options.Expires is not null)
        {
            failures.Add(nameof(options.Contact), "is missing.");
        }

        return failures.Result;
    }
}
