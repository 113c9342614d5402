using AuthServer.Clients;

namespace AuthServer.Pages;

/// <summary>The rights of a browser in a page (Content Security Policy Level 3).</summary>
internal static class PagePolicy
{
    /// <param name="app">The app whose logo is shown.</param>
    public static void Set(HttpResponse response, PageApp? app) => Set(response, [app?.Logo], frames: []);

    /// <summary>For a page with images of several apps.</summary>
    public static void AllowImages(HttpResponse response, IEnumerable<string?> images) => Set(response, images, frames: []);

    /// <summary>For a page that shows these addresses in frames, and no logo of an app.</summary>
    public static void AllowFrames(HttpResponse response, IEnumerable<string> frames) => Set(response, images: [], frames);

    private static void Set(HttpResponse response, IEnumerable<string?> images, IEnumerable<string> frames)
    {
        var logos = Listed(Origins(images));
        var frameSources = Listed(Origins(frames)) is { Length: > 0 } origins ? $"; frame-src{origins}" : "";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' "
            + $"data:{logos}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{frameSources}";
    }

    private static IEnumerable<string> Origins(IEnumerable<string?> addresses) =>
        addresses.Select(ClientOrigins.Of).OfType<string>().Distinct();

    private static string Listed(IEnumerable<string> sources) => string.Concat(sources.Select(source => " " + source));
}
