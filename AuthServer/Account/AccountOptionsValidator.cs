using AuthServer.Mail;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

internal sealed class AccountOptionsValidator(IOptions<MailOptions> mail) : IValidateOptions<AccountOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountOptions options) =>
        options.Registration && !mail.Value.IsOn
            ? ValidateOptionsResult.Fail($"{AccountOptions.Section}:Registration is true without mail: an address is confirmed by a link. Set {MailOptions.Section}:Host, or leave it off.")
            : ValidateOptionsResult.Success;
}
