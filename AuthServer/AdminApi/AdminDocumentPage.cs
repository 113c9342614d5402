using System.Security.Cryptography;
using AuthServer.Administration;
using Scalar.AspNetCore;

namespace AuthServer.AdminApi;

/// <summary>
/// Routes <c>/api/admin/v1/docs</c>, in Development only: the document as a page on which requests can be tried (Scalar). All that it loads
/// is in the package.
/// </summary>
internal static class AdminDocumentPage
{
    public const string Path = AdministrationFeature.Path + "/docs";

    public static void MapAdminDocumentPage(this IEndpointRouteBuilder app) => app.MapScalarApiReference(Path, (options, context) =>
    {
        options.Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

        // Scalar writes style elements of its own, which know no nonce.
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{options.Nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        options.WithTitle("AuthPlatform administration API").WithOpenApiRoutePattern(AdminDocument.Path)
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools();
    });
}
