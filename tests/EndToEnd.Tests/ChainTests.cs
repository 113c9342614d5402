using System.Diagnostics;
using EndToEnd.Tests.Support;
using Rig;

namespace EndToEnd.Tests;

[Collection(OneAtATime.Name)]
public sealed class ChainTests(Platform platform)
{
    [Fact]
    public async Task The_tour_succeeds_and_no_log_contains_its_secrets()
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Built.Program("Tour"),
                "--issuer",
                platform.AuthServer.Address.ToString(),
                "--api",
                platform.Api.Address.ToString(),
                "--leeway",
                Platform.Leeway,
            ])
        {
            RedirectStandardOutput = true,
        };
        using var tour = Process.Start(start)!;
        var output = await tour.StandardOutput.ReadToEndAsync();
        await tour.WaitForExitAsync();

        Assert.True(tour.ExitCode is 0, output);
        Assert.DoesNotContain("✗", output, StringComparison.Ordinal);
        foreach (var program in platform.All)
        {
            foreach (var secret in new[] { "correct-horse", "-demo-secret", "eyJ" })
            {
                Assert.DoesNotContain(secret, program.Log, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_tour_fails_if_a_step_fails()
    {
        // The address of Orders takes the place of the API: it does not accept the tokens of the tour.
        using var tour = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Built.Program("Tour"),
                "--issuer",
                platform.AuthServer.Address.ToString(),
                "--api",
                platform.Orders.Address.ToString(),
                "--leeway",
                Platform.Leeway,
            ])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await tour.StandardOutput.ReadToEndAsync();
        await tour.WaitForExitAsync();

        Assert.Equal(1, tour.ExitCode);
        Assert.Contains("✗", output, StringComparison.Ordinal);
    }
}
