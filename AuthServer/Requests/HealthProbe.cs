namespace AuthServer.Requests;

/// <summary>
/// Asks a running server whether it is ready, for containers whose images have no curl.
/// </summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <param name="url">The address to ask.</param>
    /// <returns>The exit code: 0 if the server is ready; otherwise 1, with the reason on standard error.</returns>
    public static async Task<int> RunAsync(Uri url, CancellationToken cancellationToken = default)
    {
        using var handler = new HttpClientHandler { CheckCertificateRevocationList = true };
        if (url.IsLoopback)
        {
#pragma warning disable CA5359 // the certificate has the public name; the request holds no secret, and only the status is used
            handler.ServerCertificateCustomValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(url, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync(
                $"{url} answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {exception.Message}");
        }

        return 1;
    }

    /// <summary>
    /// The readiness address of the server with these settings, as seen from its own machine. Like the server, it takes
    /// <c>ASPNETCORE_URLS</c> before <c>ASPNETCORE_HTTP_PORTS</c>, and of several entries the first.
    /// </summary>
    public static Uri Address(IConfiguration configuration)
    {
        var origin = $"http://localhost:{First(configuration["http_ports"]) ?? "5000"}";
        if (First(configuration["urls"]) is { } url)
        {
            // A server can listen on these hosts, but a client cannot call them.
            var binding = BindingAddress.Parse(url);
            var host = binding.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
            origin = $"{binding.Scheme}://{host}:{binding.Port}";
        }

        return new Uri(new Uri(origin), HealthFeature.Path + "/ready");
    }

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
