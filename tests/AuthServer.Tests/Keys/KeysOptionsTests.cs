using AuthServer.Keys;
using Microsoft.Extensions.Hosting.Internal;

namespace AuthServer.Tests.Keys;

public sealed class KeysOptionsTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public void The_defaults_are_valid(string environment) => Assert.Empty(Failures(environment, _ => { }));

    [Fact]
    public void In_development_keys_may_rotate_every_few_seconds() => Assert.Empty(Failures("Development", options =>
    {
        options.RotationInterval = TimeSpan.FromSeconds(2);
        options.AnnouncementTime = TimeSpan.FromSeconds(1);
        options.PollInterval = TimeSpan.FromSeconds(0.5);
        options.Overlap = TimeSpan.Zero;
    }));

    [Fact]
    public void A_key_is_announced_for_at_least_the_cache_time_and_five_minutes()
    {
        Assert.Empty(Failures("Production", options =>
            (options.JwksCacheTime, options.AnnouncementTime) = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(65))));
        Assert.Contains("Keys:AnnouncementTime is 01:04:59; it must be at least 01:05:00", Assert.Single(Failures("Production", options =>
            (options.JwksCacheTime, options.AnnouncementTime) = (TimeSpan.FromHours(1), TimeSpan.FromSeconds((65 * 60) - 1)))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_announced_for_long_enough_that_every_node_learns_of_it() =>
        Assert.Contains("Keys:AnnouncementTime is 00:00:05; it must be at least 00:00:10", Assert.Single(Failures("Development", options =>
            options.AnnouncementTime = TimeSpan.FromSeconds(5))), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var failures = Failures("Production", options =>
        {
            options.AllowUnprotectedKeyRing = false;
            options.RotationInterval = TimeSpan.Zero;
            options.AnnouncementTime = TimeSpan.FromSeconds(1);
            options.JwksCacheTime = TimeSpan.FromDays(2);
            options.Overlap = TimeSpan.FromSeconds(-1);
            options.PollInterval = TimeSpan.FromHours(1);
        });

        foreach (var name in new[]
        {
            "CertificatePath",
            "RotationInterval",
            "AnnouncementTime",
            "JwksCacheTime",
            "Overlap",
            "PollInterval",
        })
        {
            Assert.Contains(failures, failure => failure.StartsWith($"Keys:{name} ", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Failures(string environment, Action<KeysOptions> change)
    {
        var options = new KeysOptions { AllowUnprotectedKeyRing = true };
        change(options);
        return new KeysOptionsValidator(new HostingEnvironment { EnvironmentName = environment }).Validate(null, options).Failures ?? [];
    }
}
