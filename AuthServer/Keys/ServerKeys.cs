using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenIddict.Server;

namespace AuthServer.Keys;

/// <summary>
/// Gives OpenIddict the keys of the ring, and makes it rebuild its options when the keys change. The ring is loaded before the
/// options are first read. OpenIddict reads them at the beginning of each request.
/// </summary>
internal sealed class ServerKeys(KeyRing keys)
    : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    public string Name => Options.DefaultName;

    public void Configure(OpenIddictServerOptions options)
    {
        options.SigningCredentials.AddRange(keys.Signing);
        options.EncryptionCredentials.AddRange(keys.Encryption);
    }

    public IChangeToken GetChangeToken() => keys.Change;
}
