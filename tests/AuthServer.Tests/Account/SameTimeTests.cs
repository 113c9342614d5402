using System.Diagnostics;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>
/// The response time of a page does not reveal whether an account exists. Other work of the machine lengthens times: all alike while it
/// lasts, so that the medians agree; or all but a few, so that the fastest agree. A real difference shows in both. Rounds are added until
/// one of them agrees; if there is a real difference, neither ever does.
/// </summary>
public sealed class SameTimeTests
{
    private const int MostTimes = 5;

    [Fact]
    public async Task A_wrong_password_an_unknown_name_and_a_locked_account_take_the_same_time()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        await app.SqlAsync("UPDATE Users SET LockoutEnabled = 0");
        await app.SqlAsync("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'bob'");

        // Without the hash, the time would be a third.
        const double Ratio = 0.6;
        var times = await MeasureAsync(
            app, "/account/login", rounds: 20, Ratio, "userName", ["alice", "nobody", "bob"], ("password", "correct-horse-birch"));

        AssertClose(times, Ratio);
    }

    [Theory]
    [InlineData("/account/register", "email")]
    [InlineData("/account/forgot", "userName")]
    public async Task A_request_for_a_mail_takes_the_same_time_with_and_without_an_account(string address, string field)
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));

        const double Ratio = 0.9;
        var times = await MeasureAsync(app, address, rounds: 3, Ratio, field, ["alice@example.test", "carol@example.test"]);

        // Both take longer than the work itself, which differs.
        Assert.InRange(times.Min(Fastest), 390, 1000);
        AssertClose(times, Ratio);
    }

    // The times for each name, in milliseconds, the fastest first.
    private static async Task<List<double>[]> MeasureAsync(
        AuthServerApp app, string address, int rounds, double ratio, string field, string[] names, params (string, string)[] more)
    {
        using var browser = new Browser(app);
        var form = await browser.GoAsync(address);
        await browser.SubmitAsync(form, [(field, "warm-up@example.test"), .. more]);
        var times = Array.ConvertAll(names, _ => new List<double>());
        for (var round = 0; round < rounds || (round < MostTimes * rounds && !AreClose(times, ratio)); round++)
        {
            for (var index = 0; index < names.Length; index++)
            {
                var started = Stopwatch.GetTimestamp();
                await browser.SubmitAsync(form, [(field, names[index]), .. more]);
                times[index].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                times[index].Sort();
            }
        }

        return times;
    }

    private static bool AreClose(List<double>[] times, double ratio) =>
        AreClose(Array.ConvertAll(times, Fastest), ratio) || AreClose(Array.ConvertAll(times, Median), ratio);

    private static bool AreClose(double[] times, double ratio) => times.Min() > times.Max() * ratio;

    private static double Fastest(List<double> times) => times[0];

    private static double Median(List<double> times) => times[times.Count / 2];

    private static void AssertClose(List<double>[] times, double ratio) => Assert.True(
        AreClose(times, ratio),
        string.Join(", ", times.Select(some => FormattableString.Invariant($"{Fastest(some):0.0} and {Median(some):0.0} ms"))));
}
