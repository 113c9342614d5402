using AuthServer.Account;
using AuthServer.Connect.Authorize;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace AuthServer.Connect;

/// <summary>Carries our settings over to OpenIddict's.</summary>
internal sealed class ServerOptions(IOptions<ConnectOptions> options, IOptions<AccountOptions> account)
    : IConfigureOptions<OpenIddictServerOptions>, IConfigureOptions<OpenIddictServerAspNetCoreOptions>
{
    public void Configure(OpenIddictServerOptions server)
    {
        var connect = options.Value;
        server.Issuer = new Uri(connect.Issuer!);
        server.AccessTokenLifetime = connect.AccessTokenLifetime;
        server.IdentityTokenLifetime = connect.IdentityTokenLifetime;
        if (account.Value.Registration)
        {
            server.PromptValues.Add(AuthorizeRequest.CreatePrompt);
        }
    }

    // ConnectOptionsValidator accepts http for a loopback issuer only.
    public void Configure(OpenIddictServerAspNetCoreOptions server) =>
        server.DisableTransportSecurityRequirement = new Uri(options.Value.Issuer!).Scheme == Uri.UriSchemeHttp;
}
