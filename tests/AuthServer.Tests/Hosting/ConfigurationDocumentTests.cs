using AuthServer.Hosting;
using AuthServer.Protocol;
using AuthServer.Tests.Requests;
using AuthServer.Tests.Support;
using House.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Hosting;

/// <summary>Compares <c>docs/configuration.md</c> with the code that it describes.</summary>
public sealed class ConfigurationDocumentTests
{
    private static readonly IReadOnlyList<Setting> Settings = [.. ConfigurationPage.AuthServer.SelectMany(section => section.Settings)];

    private static readonly IReadOnlyList<(Setting Setting, Bounds Bounds)> Bounded =
        [.. from setting in Settings let bounds = Bounds.Of(setting) where bounds is not null select (setting, bounds)];

    [Fact]
    public void The_page_matches_the_output_of_build_sh_docs() =>
        Assert.Equal(ConfigurationPage.Document.Make(), ConfigurationPage.Document.Written);

    [Fact]
    public async Task Every_setting_that_the_server_knows_is_on_the_page()
    {
        await using var app = await AuthServerApp.StartAsync();
        var documented = Settings.Select(setting => setting.Key.Replace(":NAME", "", StringComparison.Ordinal)).ToHashSet();

        var known = app.Services.GetServices<KnownSection>()
            .SelectMany(section => section.Keys.Select(key => $"{section.Path}:{key}")).ToList();

        Assert.NotEmpty(known);
        Assert.Equal([], known.Except(documented));
        Assert.Equal(["ConnectionStrings:AuthServer"], documented.Except(known));
    }

    [Fact]
    public void Every_number_and_duration_has_a_range_that_can_be_tested()
    {
        var without = Settings.Where(setting => IsMeasure(setting.Type))
            .Except(Bounded.Select(bounded => bounded.Setting)).Select(setting => setting.Key);

        // The values of two other settings define its range.
        Assert.Equal(["Keys:AnnouncementTime"], without);
    }

    [Fact]
    public void The_documented_signing_algorithms_are_those_that_the_server_accepts()
    {
        var documented = Settings.Where(setting => setting.Key.EndsWith("SigningAlgorithm", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, documented.Count);
        Assert.All(documented, setting =>
            Assert.Equal(SigningAlgorithms.All.Order(), setting.Range.Split(' ').Select(name => name.Trim('`')).Order()));
    }

    [Fact]
    public async Task Values_outside_the_documented_range_are_refused()
    {
        Assert.Equal(Bounded.Select(bounded => bounded.Setting.Key), await RefusedAsync(bounds => bounds.Below));
        Assert.Equal(Bounded.Select(bounded => bounded.Setting.Key), await RefusedAsync(bounds => bounds.Above));
    }

    [Fact]
    public async Task Both_ends_of_the_documented_range_are_accepted()
    {
        Assert.Empty(await RefusedAsync(bounds => bounds.Least));
        Assert.Empty(await RefusedAsync(bounds => bounds.Most));
    }

    /// <returns>The keys that are refused, in the order of the page, if every setting with a range has such a value.</returns>
    private static async Task<IEnumerable<string>> RefusedAsync(Func<Bounds, string> value)
    {
        // Without an issuer the start fails in any case, and lists all other faults, too.
        var (_, _, error) = await StartupErrorsTests.RunAsync(
            ["--Connect:Issuer=", .. Bounded.Select(bounded => $"--{bounded.Setting.Key}={value(bounded.Bounds)}")]);
        var lines = error.Split('\n');

        Assert.Contains("  Connect:Issuer is missing.", lines);
        return Bounded.Select(bounded => bounded.Setting.Key)
            .Where(key => lines.Any(line => line.StartsWith($"  {key} is ", StringComparison.Ordinal)));
    }

    private static bool IsMeasure(Type? type) =>
        type is not null && (Nullable.GetUnderlyingType(type) ?? type) is var value && (value == typeof(int) || value == typeof(TimeSpan));
}
