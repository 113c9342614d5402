namespace AuthServer.Operations;

/// <summary>
/// Owns what operators do: each operation once, for the command line and for the administration API. Who may do it is decided by the
/// caller. Serves no route.
/// </summary>
internal static class OperationsFeature
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddScoped<UserQueries>();
        services.AddScoped<UserOperations>();
        services.AddScoped<RoleOperations>();
        services.AddScoped<AdminInvitation>();
        services.AddScoped<AppOperations>();
        services.AddScoped<SecretOperations>();
        services.AddScoped<ScopeOperations>();
        services.AddScoped<KeyOperations>();
        services.AddScoped<OutboxOperations>();
        services.AddScoped<PlatformExport>();
    }
}
