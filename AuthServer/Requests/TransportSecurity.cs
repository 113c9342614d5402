using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Requests;

/// <summary>
/// RFC 6749 1.6, RFC 8414 2: with an https issuer every request must come over TLS, to this server or to a proxy that is
/// trusted to say so. Health checks need no TLS, because they may come from the machine itself.
/// </summary>
internal sealed class TransportSecurity(RequestDelegate next, IOptions<ConnectOptions> options)
{
    private static readonly OAuthError NotSecure = new(Errors.InvalidRequest, "This server is reached over https only.");

    private readonly bool required = options.Value.IssuerUri.Scheme == Uri.UriSchemeHttps;

    public Task InvokeAsync(HttpContext context) =>
        required && !context.Request.IsHttps && !context.Request.Path.IsUnder(HealthFeature.Path)
            ? NotSecure.ExecuteAsync(context)
            : next(context);
}
