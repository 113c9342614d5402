using Microsoft.Extensions.Options;

namespace AuthServer.AuditSeals;

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options) =>
        !IsBetween(AuditOptions.LeastOfChanges, options.ChangeRetention)
            ? ValidateOptionsResult.Fail("Audit:ChangeRetention must be between 30 and 3650 days.")
        : !IsBetween(AuditOptions.LeastOfActivity, options.ActivityRetention)
            ? ValidateOptionsResult.Fail("Audit:ActivityRetention must be between 1 and 3650 days.")
        : ValidateOptionsResult.Success;

    private static bool IsBetween(TimeSpan least, TimeSpan value) => value >= least && value <= AuditOptions.Most;
}
