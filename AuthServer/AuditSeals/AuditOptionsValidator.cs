using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.AuditSeals;

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var failures = new SettingFailures(AuditOptions.Section);
        failures.Between(options.ChangeRetention, AuditOptions.LeastOfChanges, AuditOptions.Most, "30 days and 3650 days");
        failures.Between(options.ActivityRetention, AuditOptions.LeastOfActivity, AuditOptions.Most, "1 day and 3650 days");
        return failures.Result;
    }
}
