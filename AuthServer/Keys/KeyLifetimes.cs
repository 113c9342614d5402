using System.Globalization;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Keys;

/// <summary>The lifetimes of tokens issued now, from the settings of the server and of each client.</summary>
internal sealed class KeyLifetimes
{
    private readonly TimeSpan access;
    private readonly TimeSpan refresh;

    private KeyLifetimes(TimeSpan access, TimeSpan refresh) => (this.access, this.refresh) = (access, refresh);

    /// <summary>The longest lifetime of any token that a key of this algorithm signs or encrypts.</summary>
    public TimeSpan Longest(string algorithm) =>
        algorithm is KeyMaterial.TokenEncryption ? Max([access, refresh]) : access;

    public static async Task<KeyLifetimes> ReadAsync(AuthDbContext context, ConnectOptions options, CancellationToken cancellationToken)
    {
        var clients = await context.Set<Client>().Where(client => client.Settings != null)
            .Select(client => client.Settings!).ToListAsync(cancellationToken);
        var own = clients.SelectMany(Lifetimes).ToLookup(
            setting => setting.Name is Settings.TokenLifetimes.RefreshToken, setting => setting.Lifetime);
        return new KeyLifetimes(
            Max([options.AccessTokenLifetime, options.IdentityTokenLifetime, .. own[false]]),
            Max([options.RefreshTokenLifetime, .. own[true]]));
    }

    // OpenIddict, too, ignores a lifetime that cannot be read.
    private static IEnumerable<(string Name, TimeSpan Lifetime)> Lifetimes(string settings)
    {
        using var json = JsonDocument.Parse(settings);
        foreach (var setting in json.RootElement.EnumerateObject())
        {
            if (setting.Name.StartsWith(Settings.Prefixes.TokenLifetime, StringComparison.Ordinal)
                && TimeSpan.TryParse(setting.Value.GetString(), CultureInfo.InvariantCulture, out var lifetime))
            {
                yield return (setting.Name, lifetime);
            }
        }
    }

    private static TimeSpan Max(IEnumerable<TimeSpan> lifetimes) => lifetimes.Max();
}
