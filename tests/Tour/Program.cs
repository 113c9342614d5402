using Tour;

if (Addresses.Parse(args) is not { } addresses)
{
    Console.Error.WriteLine("usage: Tour --issuer URL --api URL [--also URL]... [--leeway SECONDS]");
    return 2;
}

using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
if (await Readiness.WaitAsync(http, addresses) is { } missing)
{
    Console.Error.WriteLine($"{missing} is not ready after {Readiness.Patience.TotalSeconds:0} seconds.");
    return 1;
}

return await new Journey(new Guide(http), addresses).RunAsync() ? 0 : 1;
