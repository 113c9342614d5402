using AuthServer.Hosting;

namespace AuthServer.Platform;

/// <summary>
/// Owns configuration as code: a YAML file that declares APIs, apps, roles and first users. <c>AuthServer apply FILE</c> applies it. If
/// <c>Platform:File</c> names a file, each start applies it, too. Serves no route.
/// </summary>
internal static class PlatformFeature
{
    /// <summary>A platform file that the server applies before it listens. Default: none.</summary>
    public const string FileKey = "Platform:File";

    public static void AddPlatform(this IServiceCollection services)
    {
        services.AddSingleton(new KnownSection("Platform", ["File"]));
        services.AddSingleton<PlatformApplier>();
        services.AddScoped<ApiApplier>();
        services.AddScoped<AppApplier>();
        services.AddScoped<RoleApplier>();
        services.AddScoped<UserApplier>();
    }
}
