using System.Text.RegularExpressions;
using AuthServer.Tests.Support;
using Rig;

namespace AuthServer.Tests.SecurityLog;

/// <summary>Applies the filter of deploy/fail2ban to the server's log, without fail2ban.</summary>
public sealed partial class Fail2BanTests
{
    [Fact]
    public async Task The_filter_finds_the_address_of_each_guess_and_nothing_else()
    {
        await using var app = await AuthServerApp.StartAsync(("Compatibility:DjangoRestFrameworkJwt", "terminal"));
        using var browser = new Browser(app);

        await browser.SignInAsync(await browser.GoAsync("/account/login"), "alice", "wrong-password-here");
        await browser.SendPasskeyAsync(await browser.GoAsync("/account/login"), "{}");
        await app.Client("terminal").SignInAsync("nobody", "wrong-password-here", "notes.read");
        await app.Client(Seed.Orders, "wrong-secret").IntrospectAsync("x");

        // The app's own server has authenticated, so the address is not that of the user.
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "wrong-password-here", "notes.read");
        await browser.SignInAsync(await browser.GoAsync("/account"));
        await app.Client("""x","SecurityEvent":"client-refused","Address":"192.0.2.7",""", "secret").ActForItselfAsync("notes.read");
        await app.StopAsync();

        Assert.Equal(["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"], Found(app));
    }

    [Fact]
    public async Task The_filter_reads_the_time_of_each_line()
    {
        await using var app = await AuthServerApp.StartAsync();
        var pattern = Lines().First(line => line.StartsWith("datepattern", StringComparison.Ordinal)).Split('=', 2)[1].Trim()
            .Replace("%%Y", "[0-9]{4}", StringComparison.Ordinal).Replace("%%z", "Z", StringComparison.Ordinal);
        pattern = DatePart().Replace(pattern, "[0-9]{2}");

        await app.Client(Seed.Orders, "wrong-secret").IntrospectAsync("x");
        await app.StopAsync();

        Assert.All(app.Log, line => Assert.Matches(pattern, line));
    }

    private static List<string> Found(AuthServerApp app)
    {
        var expressions = Lines().SkipWhile(line => !line.StartsWith("failregex", StringComparison.Ordinal))
            .TakeWhile(line => !line.StartsWith("ignoreregex", StringComparison.Ordinal))
            .Select(line => new Regex(line.Split("= ")[^1].Trim().Replace("<HOST>", "(?<host>[0-9a-fA-F:.]+)", StringComparison.Ordinal)))
            .ToList();
        Assert.Equal(2, expressions.Count);
        return [.. app.Log.Select(line => expressions.Select(expression => expression.Match(line)).FirstOrDefault(match => match.Success))
            .OfType<Match>().Select(match => match.Groups["host"].Value)];
    }

    private static string[] Lines() =>
        File.ReadAllLines(Path.Combine(Built.Root, "deploy", "fail2ban", "filter.d", "authserver.conf"));

    [GeneratedRegex("%%[mdHMS]")]
    private static partial Regex DatePart();
}
