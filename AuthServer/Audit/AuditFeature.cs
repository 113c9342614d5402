namespace AuthServer.Audit;

/// <summary>
/// Owns the audit: who did what, when and from where. Changes that are saved through the context are recorded by
/// <see cref="AuditInterceptor"/>, as the <see cref="AuditedEntity{TEntity}"/> of each feature describes them; others call
/// <see cref="AuditTrail"/>. docs/audit.md lists the actions. Serves no route.
/// </summary>
internal static class AuditFeature
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(AuditProcess.Server);
        services.AddScoped<AuditActor>();
        services.AddSingleton<AuditInterceptor>();
        services.AddScoped<PersonKeys>();
        services.AddScoped<AuditQueries>();
    }
}
