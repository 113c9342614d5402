namespace SampleClient.Hosting;

/// <summary>
/// <c>dotnet SampleClient.dll --healthcheck</c>: asks the app on the same machine, with the same settings, whether it is alive.
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
            using var answer = await client.GetAsync(new Uri(Address(configuration), "/health/live"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>The server's address, as seen from the same machine. The settings have the server's order of precedence.</summary>
    private static Uri Address(IConfiguration configuration)
    {
        if (First(configuration["urls"]) is not { } url)
        {
            return new Uri($"http://localhost:{First(configuration["http_ports"]) ?? "5000"}");
        }

        // Addresses that mean "all interfaces" are only for listening; a client cannot connect to them.
        var binding = BindingAddress.Parse(url);
        var host = binding.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
        return new Uri($"{binding.Scheme}://{host}:{binding.Port}");
    }

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
