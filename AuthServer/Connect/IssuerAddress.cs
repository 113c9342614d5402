using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Connect;

/// <summary>
/// Sets scheme and host of each request to the issuer's, so that every URL that the server writes begins with the issuer. Resource
/// servers may reach the server under an internal name, and discovery must still agree with the issuer (RFC 8414 3.3). A forged Host
/// header has no effect.
/// </summary>
internal sealed class IssuerAddress(RequestDelegate next, IOptions<ConnectOptions> options)
{
    private readonly Uri issuer = options.Value.IssuerUri;

    public Task InvokeAsync(HttpContext context)
    {
        context.Request.Scheme = issuer.Scheme;
        context.Request.Host = new HostString(issuer.Authority);
        return next(context);
    }
}
