using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.AdminApi;

internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var failures = new SettingFailures(AdminOptions.Section);
        failures.Between(options.FreshSignIn, TimeSpan.FromMinutes(1), TimeSpan.FromHours(12), "1 minute and 12 hours");
        return failures.Result;
    }
}
