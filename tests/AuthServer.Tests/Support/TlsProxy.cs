using System.Net;

namespace AuthServer.Tests.Support;

/// <summary>
/// A proxy that uses https to the browser and http to the server, and tells the server so. It also keeps the browser's cookies,
/// which would otherwise belong to http.
/// </summary>
internal sealed class TlsProxy(Uri server, CookieContainer cookies)
    : DelegatingHandler(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        request.RequestUri = new Uri(server, address.PathAndQuery);
        request.Headers.Add("X-Forwarded-Proto", "https");
        if (cookies.GetCookieHeader(address) is { Length: > 0 } kept)
        {
            request.Headers.Add("Cookie", kept);
        }

        var response = await base.SendAsync(request, cancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            cookies.SetCookies(address, cookie);
        }

        return response;
    }
}
