namespace ResourceApi.Hosting;

/// <summary>
/// <c>dotnet ResourceApi.dll --healthcheck</c>: asks the server on the same machine, with the same settings, whether it is alive.
/// Exit code 0 or 1. For containers, because their images have no curl.
/// </summary>
internal static class HealthProbe
{
    public const string Command = "--healthcheck";

    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var response = await client.GetAsync(
                new Uri(Address(configuration["urls"], configuration["http_ports"]), "/health/live"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>
    /// The server's address, as seen from the same machine. As in the server, ASPNETCORE_URLS takes precedence over
    /// ASPNETCORE_HTTP_PORTS.
    /// </summary>
    internal static Uri Address(string? urls, string? httpPorts)
    {
        if (First(urls) is { } url)
        {
            // "+", "*" and the any-addresses are only for listening; a client cannot connect to them.
            var binding = BindingAddress.Parse(url);
            var host = binding.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
            return new Uri($"{binding.Scheme}://{host}:{binding.Port}");
        }

        return new Uri($"http://localhost:{First(httpPorts) ?? "5000"}");
    }

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
