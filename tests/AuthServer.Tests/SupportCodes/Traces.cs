using System.Text.RegularExpressions;
using AuthServer.SupportCodes;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.SupportCodes;

/// <summary>What a person reads on a page, and what the operator then finds.</summary>
internal static partial class Traces
{
    // Of 20 ms.
    private const int MostAttempts = 500;

    /// <summary>The support code on a page, as the person reads it aloud.</summary>
    public static string CodeOn(BrowserPage page)
    {
        var match = Shown().Match(page.Text);
        Assert.True(match.Success, "no support code: " + page.Text);
        return match.Groups["code"].Value;
    }

    /// <summary>Waits until there are so many steps under the code: they are written a second later.</summary>
    public static async Task<IReadOnlyList<ReadableStep>> StepsAsync(AuthServerApp app, string code, int atLeast = 1) =>
        (await FindAsync(app, code, atLeast))?.Steps ?? [];

    public static async Task<SupportTrace?> FindAsync(AuthServerApp app, string code, int atLeast = 1)
    {
        for (var attempt = 0; ; attempt++)
        {
            app.AdvanceClocks(TimeSpan.FromSeconds(1));
            await using var scope = app.Services.CreateAsyncScope();
            var trace = await scope.ServiceProvider.GetRequiredService<SupportQueries>()
                .FindAsync(SupportCode.Parse(code)!, TestContext.Current.CancellationToken);
            if (trace?.Steps.Count >= atLeast || attempt is MostAttempts)
            {
                return trace;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary><c>sign_in.refused wrong_password</c>.</summary>
    public static IEnumerable<string> Short(IEnumerable<ReadableStep> steps) =>
        steps.Select(row => $"{row.Step.Step} {row.Step.Reason}".TrimEnd());

    [GeneratedRegex("Support code: (?<code>[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})")]
    private static partial Regex Shown();
}
