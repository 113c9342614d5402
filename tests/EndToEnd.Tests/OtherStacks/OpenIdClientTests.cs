using System.Text.RegularExpressions;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>
/// The Node programs <c>node/*.test.mjs</c>, which contain their own tests. They use the npm packages openid-client, oauth4webapi
/// and jose, and imitate the requests and checks of AppAuth, Spring Security and go-oidc.
/// </summary>
[Collection(Stacks.Name)]
public sealed partial class OpenIdClientTests(StacksIssuer issuer) : IClassFixture<NodePackages>
{
    public static TheoryData<string> Programs =>
        [.. Directory.GetFiles(NodePackages.Folder, "*.test.mjs").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task All_tests_of_the_program_pass(string program)
    {
        var (exitCode, output) = await NodePackages.RunAsync(
            program,
            ("LOGIN", issuer.Address.ToString()),
            ("SHOP", issuer.Shop.GetLeftPart(UriPartial.Authority)),
            ("SHOP_SECRET", StacksIssuer.ShopSecret),
            ("LEDGER", issuer.Ledger.GetLeftPart(UriPartial.Authority)),
            ("LEDGER_SECRET", issuer.LedgerSecret),
            ("NIGHTLY_KEYS", issuer.NightlyKeys));

        Assert.True(exitCode is 0, output);
        Assert.True(Count(output, "pass") > 0, output);
        Assert.Equal((0, 0, 0), (Count(output, "skipped"), Count(output, "todo"), Count(output, "cancelled")));
    }

    // From the summary of Node's test runner.
    private static int Count(string output, string what) =>
        int.Parse(
            Summary().Matches(output).Single(line => line.Groups["what"].Value == what).Groups["count"].ValueSpan,
            System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^# (?<what>\w+) (?<count>\d+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Summary();
}
