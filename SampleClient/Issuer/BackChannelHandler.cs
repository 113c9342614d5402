using Microsoft.Extensions.Options;

namespace SampleClient.Issuer;

/// <summary>
/// Sends what is addressed to the issuer's origin to <see cref="IssuerOptions.BackChannelAddress"/>, and nothing else.
/// The Host header (and with it the TLS server name) stays the issuer's: whatever answers there still has to prove
/// that it is the issuer.
/// </summary>
internal sealed class BackChannelHandler(IOptions<IssuerOptions> options) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var issuer = options.Value;
        if (issuer.BackChannelAddress is { } address && request.RequestUri is { } uri && IsSameOrigin(uri, issuer.Authority!))
        {
            request.Headers.Host = uri.Authority;
            request.RequestUri = new Uri(address, uri.PathAndQuery);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsSameOrigin(Uri left, Uri right)
        => Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
