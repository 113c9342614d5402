using AuthServer.Clients;

namespace AuthServer.Account;

/// <summary>What a browser may do in a page (Content Security Policy Level 3).</summary>
internal static class PagePolicy
{
    /// <param name="app">Its logo is shown; and a form that is sent may lead to it, which browsers count as the form's aim.</param>
    public static void Set(HttpResponse response, PageApp? app) => Set(response, app, [app?.Logo]);

    /// <summary>For a page with images of several apps.</summary>
    public static void AllowImages(HttpResponse response, IEnumerable<string?> images) => Set(response, app: null, images);

    private static void Set(HttpResponse response, PageApp? app, IEnumerable<string?> images)
    {
        var logo = string.Concat(images.Select(ClientOrigins.Of).OfType<string>().Distinct().Select(origin => " " + origin));
        var targets = string.Concat((app?.RedirectTargets ?? []).Select(target => " " + target));
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:{logo}; form-action 'self'{targets}; base-uri 'none'; frame-ancestors 'none'";
    }
}
