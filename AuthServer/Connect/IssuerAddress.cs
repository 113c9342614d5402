using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Connect;

/// <summary>
/// Makes every address that the server writes the issuer's, whatever name it was called by: inside a network the APIs
/// reach it under another (RFC 8414 3.3: what discovery says must agree with the issuer), and nobody chooses it by a Host header.
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
