namespace AuthServer.SecurityLog;

/// <summary>
/// Owns the security log: one structured event for each sign-in, and for each refusal that is not part of normal use, with its reason,
/// address and trace. Refusals are warnings. The names and values of the properties are an interface (docs/security-log.md):
/// deploy/fail2ban reads them. Other folders report events; the writer finds the refusals that nobody has reported. Refused sign-ins go to the audit, too. Serves no route.
/// </summary>
internal static class SecurityLogFeature
{
    public static void AddSecurityLog(this IServiceCollection services)
    {
        services.AddScoped<SecurityEvents>();
        services.AddSingleton<TypedNames>();
        services.AddSingleton<RefusalAudit>();
    }

    public static void AddSecurityLogServer(this IServiceCollection services) => services.AddHostedService<RefusalRecorder>();

    public static void UseSecurityLog(this WebApplication app) => app.UseMiddleware<SecurityLogWriter>();
}
