using Microsoft.Extensions.Options;

namespace SampleClient.Issuer;

/// <summary>
/// Sends requests for the issuer's origin to <see cref="IssuerOptions.BackChannelAddress"/>; other requests are unchanged. The Host
/// header (and with it the TLS server name) stays the issuer's. Thus the server at that address must still prove that it is the
/// issuer.
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
            // Only here is the reason known: OpenIddict reports merely that an error occurred.
            Log.NoAnswer(logger, request.RequestUri, exception.Message);
            throw;
        }
    }

    private static bool IsSameOrigin(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No answer from {Address}. {Reason}")]
        public static partial void NoAnswer(ILogger logger, Uri address, string reason);
    }
}
