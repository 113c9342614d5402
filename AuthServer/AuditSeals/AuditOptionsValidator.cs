using Microsoft.Extensions.Options;

namespace AuthServer.AuditSeals;

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    private static readonly TimeSpan LeastOfChanges = TimeSpan.FromDays(30);
    private static readonly TimeSpan LeastOfActivity = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, AuditOptions options) =>
        options.ChangeRetention < LeastOfChanges
            ? ValidateOptionsResult.Fail("Audit:ChangeRetention must be at least 30 days.")
        : options.ActivityRetention < LeastOfActivity
            ? ValidateOptionsResult.Fail("Audit:ActivityRetention must be at least 1 day.")
        : ValidateOptionsResult.Success;
}
