using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenIddict.Server;

namespace AuthServer.Keys;

/// <summary>
/// Gives OpenIddict the keys of the ring, which is loaded before its options are first asked for, and has the options made
/// anew when there are others. It looks at them at the beginning of each request.
/// </summary>
internal sealed class ServerKeys(KeyRing keys) : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    public string Name => Options.DefaultName;

    public void Configure(OpenIddictServerOptions options)
    {
        options.SigningCredentials.AddRange(keys.Signing);
        options.EncryptionCredentials.AddRange(keys.Encryption);
    }

    public IChangeToken GetChangeToken() => keys.Change;
}
