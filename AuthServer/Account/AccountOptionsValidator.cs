using AuthServer.Mail;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

internal sealed class AccountOptionsValidator(IOptions<MailOptions> mail) : IValidateOptions<AccountOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountOptions options) =>
        options.Registration && !mail.Value.IsOn
            ? ValidateOptionsResult.Fail(
                $"{AccountOptions.Section}:Registration is true, but mail is off: a new address is confirmed by a link in a mail. "
                + $"Set {MailOptions.Section}:Host, or set {AccountOptions.Section}:Registration to false.")
            : ValidateOptionsResult.Success;
}
