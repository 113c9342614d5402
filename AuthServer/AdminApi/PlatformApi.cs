using AuthServer.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using static AuthServer.Administration.AdminScopes;

namespace AuthServer.AdminApi;

/// <summary><c>/platform</c>: everything that a platform file can say about this database.</summary>
internal static class PlatformApi
{
    // RFC 9512.
    private const string MediaType = "application/yaml";

    public static void MapPlatform(this RouteGroupBuilder api) => api.MapGet("/platform", ExportAsync).WithTags("Platform")
        .Requires(PlatformRead).WithName("exportPlatform").Produces<string>(contentType: MediaType)
        .WithSummary("Exports APIs, roles and apps as a platform file, without users and secrets.");

    private static async Task<ContentHttpResult> ExportAsync(PlatformExport export, CancellationToken cancellationToken) =>
        TypedResults.Content(await export.WriteAsync(cancellationToken), MediaType);
}
