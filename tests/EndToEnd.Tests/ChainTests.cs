using System.Diagnostics;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

[Collection(OneAtATime.Name)]
public sealed class ChainTests(Platform platform)
{
    [Fact]
    public async Task The_tour_goes_as_it_should_and_no_secret_of_it_is_in_any_log()
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Repository.Built("Tour"), "--issuer", platform.AuthServer.Address.ToString(), "--api", platform.Api.Address.ToString(), "--leeway", Platform.Leeway])
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
    public async Task The_tour_fails_when_a_step_goes_otherwise()
    {
        // The API of another issuer's tokens: the one here is asked at an address that its tokens are not for.
        using var tour = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Repository.Built("Tour"), "--issuer", platform.AuthServer.Address.ToString(), "--api", platform.Orders.Address.ToString(), "--leeway", Platform.Leeway])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await tour.StandardOutput.ReadToEndAsync();
        await tour.WaitForExitAsync();

        Assert.Equal(1, tour.ExitCode);
        Assert.Contains("✗", output, StringComparison.Ordinal);
    }
}
