using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Connect;

/// <summary>Copies our settings to OpenIddict's options.</summary>
internal sealed class ServerOptions(IOptions<ConnectOptions> options)
    : IConfigureOptions<OpenIddictServerOptions>, IConfigureOptions<OpenIddictServerAspNetCoreOptions>
{
    public void Configure(OpenIddictServerOptions server)
    {
        var connect = options.Value;
        server.Issuer = connect.IssuerUri;
        server.AccessTokenLifetime = connect.AccessTokenLifetime;
        server.IdentityTokenLifetime = connect.IdentityTokenLifetime;
    }

    // ConnectOptionsValidator accepts http for a loopback issuer only.
    public void Configure(OpenIddictServerAspNetCoreOptions server) =>
        server.DisableTransportSecurityRequirement = options.Value.IssuerUri.Scheme == Uri.UriSchemeHttp;
}
