using System.Text.Json.Serialization;
using AuthServer.Administration;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthServer.AdminApi;

/// <summary>
/// GET /.well-known/oauth-protected-resource/api/admin/v1: the metadata of the administration API as a resource (RFC 9728 3).
/// </summary>
internal static class AdminMetadata
{
    public const string Path = "/.well-known/oauth-protected-resource" + AdministrationFeature.Path;

    public static Uri AddressOf(ConnectOptions options) => new(options.IssuerUri, Path);

    public static void MapAdminMetadata(this IEndpointRouteBuilder app) => app.MapGet(Path, Show).ExcludeFromDescription();

    private static Results<Ok<ResourceMetadata>, NotFound> Show(IOptions<ConnectOptions> connect, IOptions<AdminOptions> admin) =>
        admin.Value.Enabled
            ? TypedResults.Ok(new ResourceMetadata(
                AdministrationFeature.ResourceOf(connect.Value),
                [connect.Value.IssuerUri.AbsoluteUri],
                [.. AdminScopes.All.Select(scope => scope.Name)],
                ["header"]))
            : TypedResults.NotFound();

    internal sealed record ResourceMetadata(
        [property: JsonPropertyName("resource")] string Resource,
        [property: JsonPropertyName("authorization_servers")] string[] AuthorizationServers,
        [property: JsonPropertyName("scopes_supported")] string[] ScopesSupported,
        [property: JsonPropertyName("bearer_methods_supported")] string[] BearerMethodsSupported);
}
