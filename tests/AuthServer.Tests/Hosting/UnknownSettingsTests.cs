using AuthServer.Tests.Support;

namespace AuthServer.Tests.Hosting;

public sealed class UnknownSettingsTests
{
    [Fact]
    public async Task An_unknown_setting_is_named_once_without_its_value()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("Connect:Isuer", "https://typed.example/"),
            ("Mail:Pasword", "very-secret"),
            ("Throttling:RequestPerAddress", "1"),
            ("Serilog:MinimumLevel:Overide:AuthServer", "Debug"),
            ("Platform:Files", "platform.yaml"),
            // Known settings: in another letter case, as the name of a file, as a list and as a dictionary.
            ("connect:accesstokenlifetime", "00:30:00"),
            ("Mail:Password:File", ""),
            ("Proxies:KnownProxies:0", "127.0.0.1"),
            ("Serilog:MinimumLevel:Override:AuthServer", "Information"),
            ("SomebodyElse:Key", "1"));

        var told = app.Log.Where(line => line.Contains("is not a known setting", StringComparison.Ordinal)).ToList();

        Assert.Equal(5, told.Count);
        foreach (var key in new[]
        {
            "Connect:Isuer",
            "Mail:Pasword",
            "Throttling:RequestPerAddress",
            "Serilog:MinimumLevel:Overide",
            "Platform:Files",
        })
        {
            Assert.Single(told, line => line.Contains(key, StringComparison.Ordinal));
        }

        Assert.All(told, line => Assert.Contains("\"@l\":\"Warning\"", line, StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log, line => line.Contains("very-secret", StringComparison.Ordinal));
    }
}
