using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.AuditSeals;

/// <summary>
/// Owns what makes a later edit of the audit visible: the chain of hashes, the signed checkpoints and their keys, the verification; and the
/// retention of events, which has to sign what it deletes. Serves no route.
/// </summary>
internal static class AuditSealsFeature
{
    public static void AddAuditSeals(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        services.AddSettings<AuditOptions>(AuditOptions.Section);
        services.AddSingleton<AuditEnd>();
        services.AddScoped<AuditKeys>();
        services.AddScoped<AuditSealRun>();
        services.AddScoped<AuditPruning>();
        services.AddScoped<AuditDatabase>();
    }

    public static void AddAuditSealsServer(this IServiceCollection services) => services.AddHostedService<AuditSealer>();
}
