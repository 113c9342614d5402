using Microsoft.Extensions.Options;

namespace ResourceApi.Bearer;

/// <summary>
/// Sends requests for the issuer's origin to <see cref="IssuerOptions.BackChannelAddress"/>; other requests are unchanged. The Host
/// header (and with it the TLS server name) stays the issuer's. Thus the server at that address must still prove that it is the
/// issuer: certificate, discovery document and <c>iss</c> are validated against the authority.
/// </summary>
internal sealed partial class BackChannelHandler(IOptions<IssuerOptions> options, ILogger<BackChannelHandler> logger) : DelegatingHandler
{
    private string? failure;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var issuer = options.Value;
        if (issuer.BackChannelUri is { } address && request.RequestUri is { } uri && IsSameOrigin(uri, issuer.AuthorityUri!))
        {
            request.Headers.Host = uri.Authority;
            request.RequestUri = new Uri(address, uri.PathAndQuery);
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            failure = null;
            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Logged once for each reason, because the request is repeated every other second.
            var reason = exception is HttpRequestException ? exception.Message : "No answer in time.";
            if (reason != failure)
            {
                Log.NotReached(logger, request.RequestUri, reason);
                failure = reason;
            }

            throw;
        }
    }

    private static bool IsSameOrigin(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The issuer cannot be reached at {Address}: {Reason}")]
        public static partial void NotReached(ILogger logger, Uri? address, string reason);
    }
}
