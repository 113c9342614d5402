using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Client;

namespace SampleClient.Issuer;

/// <summary>The issuer's discovery document with its keys. A caller can ask for a newer one if a token names an unknown key.</summary>
internal sealed class IssuerKeys(OpenIddictClientService service, IOptions<IssuerOptions> issuer, TimeProvider time)
{
    /// <exception cref="InvalidOperationException">The issuer cannot be reached, and no document is known from before.</exception>
    public async Task<OpenIddictConfiguration> CurrentAsync(CancellationToken cancellationToken) =>
        await service.GetServerConfigurationByIssuerAsync(issuer.Value.AuthorityUri!, cancellationToken);

    /// <summary>The library fetches in the background, at most once a second.</summary>
    /// <returns>Null if nothing newer arrives within five seconds.</returns>
    public async Task<OpenIddictConfiguration?> NewerAsync(OpenIddictConfiguration old, CancellationToken cancellationToken)
    {
        (await service.GetClientRegistrationByIssuerAsync(issuer.Value.AuthorityUri!, cancellationToken)).ConfigurationManager!
            .RequestRefresh();
        for (var patience = 50; patience > 0; patience--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            if (await CurrentAsync(cancellationToken) is var current && current != old)
            {
                return current;
            }
        }

        return null;
    }
}
