namespace Tour;

internal static class Readiness
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>The first address that does not answer in time; null if all are ready.</returns>
    public static async Task<Uri?> WaitAsync(HttpClient http, Addresses addresses)
    {
        using var patience = new CancellationTokenSource(Patience);
        foreach (var address in addresses.Also.Prepend(addresses.Api).Prepend(addresses.Issuer))
        {
            while (!await IsReadyAsync(http, address))
            {
                if (patience.IsCancellationRequested)
                {
                    return address;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }

            Console.WriteLine($"✓ {address} is healthy");
        }

        return null;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
