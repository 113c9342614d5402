using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace ResourceApi.Bearer;

/// <summary>
/// GET /.well-known/oauth-protected-resource: the issuer whose tokens this API accepts, and the scopes (RFC 9728 3).
/// </summary>
internal static class ResourceMetadataEndpoint
{
    public static void MapResourceMetadata(this IEndpointRouteBuilder app)
    {
        var api = app.ServiceProvider.GetRequiredService<IOptions<ApiOptions>>().Value;
        var issuer = app.ServiceProvider.GetRequiredService<IOptions<IssuerOptions>>().Value;
        var metadata = new ResourceMetadata(api.Resource!, [issuer.AuthorityUri!.AbsoluteUri], ApiScopes.All, ["header"]);

        app.MapGet(api.MetadataAddress.AbsolutePath, () => TypedResults.Ok(metadata));
    }

    private sealed record ResourceMetadata(
        [property: JsonPropertyName("resource")] string Resource,
        [property: JsonPropertyName("authorization_servers")] string[] AuthorizationServers,
        [property: JsonPropertyName("scopes_supported")] string[] ScopesSupported,
        [property: JsonPropertyName("bearer_methods_supported")] string[] BearerMethodsSupported);
}
