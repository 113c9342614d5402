using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Administration;

/// <summary>
/// Owns who may administer what: the scopes of the administration API, and the roles that allow them. Serves no route: the API is in
/// AdminApi/.
/// </summary>
internal static class AdministrationFeature
{
    /// <summary>The API's path. Its resource identifier (RFC 8707) is the issuer with this path.</summary>
    public const string Path = "/api/admin/v1";

    public static void AddAdministration(this IServiceCollection services)
    {
        services.AddSingleton(provider => new BuiltInApi(
            ResourceOf(provider.GetRequiredService<IOptions<ConnectOptions>>().Value),
            [.. AdminScopes.All.Select(RowOf)]));
        services.AddSingleton<IAuditedEntity, AuditedRoleClaim>();
        services.AddScoped<RolePermissionStore>();
    }

    public static string ResourceOf(ConnectOptions options) => new Uri(options.IssuerUri, Path).AbsoluteUri;

    private static Scope RowOf(AdminScope scope) => new()
    {
        Name = scope.Name,
        Description = scope.English,
        Descriptions = $$"""{"ko":"{{scope.Korean}}"}""",
    };
}
