using AuthServer.Tests.Compatibility;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Passwords;

/// <summary>
/// A wrong password costs the database the same with and without an account. On PostgreSQL, the time would reveal an additional
/// write.
/// </summary>
public sealed class SameStatementsTests
{
    // Background work uses none of these tables.
    private static readonly string[] Tables =
    [
        "Users",
        "SignInFailures",
        "UserRoles",
        "Roles",
        "Passkeys",
        "Sessions",
        "AccountEvents",
        "RememberedBrowsers",
        "Authenticators",
        "Authorizations",
    ];

    [Theory]
    [InlineData("page")]
    [InlineData("grant")]
    [InlineData("django")]
    public async Task A_wrong_password_sends_the_same_statements_with_and_without_an_account(string door)
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"), DjangoClient.On);
        using var browser = new Browser(app);
        var login = await browser.GoAsync("/account/login");
        await TryAsync("warm-up");

        // The first failure inserts a row; further failures update it.
        string[] there = [await StatementsAsync("alice"), await StatementsAsync("alice")];
        string[] missing = [await StatementsAsync("nobody"), await StatementsAsync("nobody")];

        Assert.Equal(there, missing);
        Assert.Contains("INSERT INTO \"SignInFailures\"", there[0], StringComparison.Ordinal);
        Assert.Contains("UPDATE \"SignInFailures\"", there[1], StringComparison.Ordinal);

        async Task<string> StatementsAsync(string name)
        {
            var before = app.Statements.Count;
            await TryAsync(name);
            return string.Join(
                "\n\n",
                app.Statements.Skip(before).Where(text => Tables.Any(table => text.Contains($"\"{table}\"", StringComparison.Ordinal))));
        }

        Task TryAsync(string name) => door switch
        {
            "page" => browser.SignInAsync(login, name, "wrong-password-here"),
            "grant" => app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(name, "wrong-password-here"),
            _ => new DjangoClient(app).SignInAsync(name, "wrong-password-here"),
        };
    }

    [Theory]
    [InlineData("/account/forgot", "userName")]
    [InlineData("/account/register", "email")]
    public async Task A_form_that_may_send_a_mail_writes_nothing_else(string address, string field)
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var browser = new Browser(app);
        var form = await browser.GoAsync(address);
        await browser.SubmitAsync(form, (field, "warm-up@example.test"));

        foreach (var name in new[] { "alice@example.test", "nobody@example.test" })
        {
            var before = app.Statements.Count;
            await browser.SubmitAsync(form, (field, name));
            Assert.DoesNotContain(app.Statements.Skip(before), text => Tables.Any(table => IsWrite(text, table)));
        }

        static bool IsWrite(string text, string table) =>
            text.Contains($"INSERT INTO \"{table}\"", StringComparison.Ordinal)
            || text.Contains($"UPDATE \"{table}\"", StringComparison.Ordinal);
    }
}
