using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Connect;

/// <summary>Carries our settings over to OpenIddict's.</summary>
internal sealed class ServerOptions(IOptions<ConnectOptions> options)
    : IConfigureOptions<OpenIddictServerOptions>, IConfigureOptions<OpenIddictServerAspNetCoreOptions>
{
    public void Configure(OpenIddictServerOptions server)
    {
        var connect = options.Value;
        server.Issuer = new Uri(connect.Issuer!);
        server.AccessTokenLifetime = connect.AccessTokenLifetime;
        server.IdentityTokenLifetime = connect.IdentityTokenLifetime;

        // Longer than any leeway there is: Handlers/RefuseReusedRefreshToken knows the one in force.
        server.RefreshTokenReuseLeeway = TimeSpan.FromDays(3650);
    }

    // ConnectOptionsValidator accepts http for a loopback issuer only.
    public void Configure(OpenIddictServerAspNetCoreOptions server) =>
        server.DisableTransportSecurityRequirement = new Uri(options.Value.Issuer!).Scheme == Uri.UriSchemeHttp;
}
