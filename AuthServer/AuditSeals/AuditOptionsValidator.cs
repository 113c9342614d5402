using Microsoft.Extensions.Options;

namespace AuthServer.AuditSeals;

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options) =>
        options.ChangeRetention < AuditOptions.LeastOfChanges
            ? ValidateOptionsResult.Fail("Audit:ChangeRetention must be at least 30 days.")
        : options.ActivityRetention < AuditOptions.LeastOfActivity
            ? ValidateOptionsResult.Fail("Audit:ActivityRetention must be at least 1 day.")
        : ValidateOptionsResult.Success;
}
