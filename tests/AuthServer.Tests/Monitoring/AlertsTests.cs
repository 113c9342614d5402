using System.Diagnostics;
using System.Text.RegularExpressions;
using Rig;

namespace AuthServer.Tests.Monitoring;

public sealed partial class AlertsTests
{
    private static readonly string Folder = Path.Combine(Built.Root, "deploy", "monitoring");

    [Theory]
    [InlineData("check", "alerts.yaml")]
    [InlineData("test", "alerts.test.yaml")]
    public async Task The_rules_pass_Prometheus_own_check_and_their_tests(string command, string file)
    {
        using var promtool = Process.Start(new ProcessStartInfo(
            Path.Combine(Built.Root, "artifacts", "tools", "usr", "bin", "promtool"), [command, "rules", Path.Combine(Folder, file)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(promtool.ExitCode is 0, await output + await errors);
    }

    [Fact]
    public void Each_alert_has_a_test_and_a_section_that_says_what_to_do()
    {
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(Folder, "alerts.yaml"))).Select(match => match.Groups["name"].Value).ToList();
        var tested = File.ReadAllText(Path.Combine(Folder, "alerts.test.yaml"));
        var explained = File.ReadAllLines(Path.Combine(Built.Root, "docs", "alerts.md"));

        Assert.NotEmpty(alerts);
        Assert.All(alerts, name =>
        {
            Assert.Matches($"alertname: {name}\\s+exp_alerts:\\s+- exp_labels", tested);
            Assert.Contains($"## {name}", explained);
        });
    }

    [GeneratedRegex("- alert: (?<name>\\w+)")]
    private static partial Regex Alert();
}
