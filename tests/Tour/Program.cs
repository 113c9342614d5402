using Tour;

if (Addresses.Parse(args) is not { } addresses)
{
    Console.Error.WriteLine("usage: Tour --issuer URL --api URL [--also URL]... [--leeway SECONDS]");
    return 2;
}

// The programs are on this machine, so no proxy of the environment is used.
using var handler = new SocketsHttpHandler { UseProxy = false };
using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
if (await Readiness.WaitAsync(http, addresses) is { } missing)
{
    Console.Error.WriteLine($"{missing} is not healthy after {Readiness.Patience.TotalSeconds:0} seconds.");
    return 1;
}

try
{
    var wentWell = await new Journey(new Guide(http), addresses).RunAsync();
    Console.WriteLine(wentWell ? "\nThe tour went as it should." : "\nThe tour did NOT go as it should: see the steps marked ✗.");
    return wentWell ? 0 : 1;
}
catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
{
    Console.WriteLine($"   ✗ no answer: {exception.Message}");
    return 1;
}
