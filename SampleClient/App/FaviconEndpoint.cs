using Microsoft.Extensions.Options;

namespace SampleClient.App;

/// <summary>GET /favicon.svg: the app's initial in its colour.</summary>
internal static class FaviconEndpoint
{
    public static void MapFavicon(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/favicon.svg", (IOptions<AppOptions> app) => TypedResults.Text(Svg(app.Value.Name), "image/svg+xml"))
            .AllowAnonymous();

    private static string Svg(string name) =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
          <rect width="32" height="32" rx="8" fill="{Accent.Of(name).Hex}"/>
          <text x="16" y="23" text-anchor="middle" font-family="system-ui, sans-serif" font-size="20" font-weight="700" fill="#fff">{char.ToUpperInvariant(name[0])}</text>
        </svg>
        """;
}
