using AuthServer.Hosting;
using OpenIddict.Abstractions;

namespace AuthServer.Clients;

/// <summary>
/// The origins (RFC 6454) of the scripts of registered clients: the origins of their redirect URIs, and those in their setting
/// <see cref="Setting"/>.
/// </summary>
internal sealed class ClientOrigins(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    /// <summary>A client's further origins, separated by spaces: <c>https://app.example https://localhost:3000</c>.</summary>
    public const string Setting = "origins";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile Known known = new([], DateTimeOffset.MinValue);

    private sealed record Known(HashSet<string> Origins, DateTimeOffset Until);

    /// <param name="origin">An <c>Origin</c> header as the browser sent it.</param>
    public async ValueTask<bool> ContainsAsync(string origin, CancellationToken cancellationToken)
    {
        if (known.Until <= time.GetUtcNow())
        {
            await loading.WaitAsync(cancellationToken);
            try
            {
                if (known.Until <= time.GetUtcNow())
                {
                    known = await RenewAsync(cancellationToken);
                }
            }
            finally
            {
                loading.Release();
            }
        }

        return known.Origins.Contains(origin);
    }

    /// <returns>The origin of a web address as browsers write it; null for anything else.</returns>
    public static string? Of(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? $"{uri.Scheme}://{(uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost)}"
                + (uri.IsDefaultPort ? "" : $":{uri.Port}")
            : null;

    public void Dispose() => loading.Dispose();

    // While the database is away, the known origins stay in use: otherwise a script could not read a 503 and its Retry-After.
    private async Task<Known> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new Known(await LoadAsync(cancellationToken), time.GetUtcNow() + Lifetime);
        }
        catch (Exception exception) when (known.Origins.Count > 0 && Failure.IsDatabaseDown(exception))
        {
            return known with { Until = time.GetUtcNow() + Lifetime };
        }
    }

    private async Task<HashSet<string>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var origins = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var client in clients.ListAsync(cancellationToken: cancellationToken))
        {
            var settings = await clients.GetSettingsAsync(client, cancellationToken);
            var addresses = settings.GetValueOrDefault(Setting, "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Concat(await clients.GetRedirectUrisAsync(client, cancellationToken));
            origins.UnionWith(addresses.Select(Of).OfType<string>());
        }

        return origins;
    }
}
