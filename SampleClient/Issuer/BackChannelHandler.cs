using Microsoft.Extensions.Options;

namespace SampleClient.Issuer;

/// <summary>
/// Sends what is addressed to the issuer's origin to <see cref="IssuerOptions.BackChannelAddress"/>, and nothing else.
/// The Host header (and with it the TLS server name) stays the issuer's: whatever answers there still has to prove
/// that it is the issuer.
/// </summary>
internal sealed partial class BackChannelHandler(IOptions<IssuerOptions> options, ILogger<BackChannelHandler> logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var issuer = options.Value;
        if (request.RequestUri is not { } uri || !IsSameOrigin(uri, issuer.AuthorityUri!))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (issuer.BackChannelUri is { } address)
        {
            request.Headers.Host = uri.Authority;
            request.RequestUri = new Uri(address, uri.PathAndQuery);
        }

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            // Here is where the reason is known: OpenIddict reports that there was an error.
            Log.NoAnswer(logger, request.RequestUri, exception.Message);
            throw;
        }
    }

    private static bool IsSameOrigin(Uri left, Uri right)
        => Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No answer from {Address}. {Reason}")]
        public static partial void NoAnswer(ILogger logger, Uri address, string reason);
    }
}
