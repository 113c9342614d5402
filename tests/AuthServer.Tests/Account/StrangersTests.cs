using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>Anybody can type wrong passwords for any account. That must not lock the owner out.</summary>
public sealed class StrangersTests
{
    [Fact]
    public async Task Ten_wrong_passwords_lock_out_strangers_but_not_the_owners_browser_or_passkey()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var passkey = new VirtualAuthenticator();
        using var mine = new Browser(app);
        await mine.AddPasskeyAsync(passkey);
        await mine.SubmitAsync(await mine.GoAsync("/account/logout"));
        using var stranger = new Browser(app);
        await FailAsync(app, stranger, "alice", 25);

        (await stranger.SignInAsync(await stranger.GoAsync("/account"))).AssertIs("/account/login");
        (await mine.SignInAsync(await mine.GoAsync("/account"))).AssertIs("/account");
        using var elsewhere = new Browser(app);
        (await elsewhere.SignInAsync(await elsewhere.GoAsync("/account/login"), passkey)).AssertIs("/account");
    }

    [Fact]
    public async Task The_owners_browser_has_its_own_limit()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var mine = new Browser(app);
        await mine.SignInAsync(await mine.GoAsync("/account"));
        await mine.SubmitAsync(await mine.GoAsync("/account/logout"));
        await FailAsync(app, mine, "alice", 10);

        (await mine.SignInAsync(await mine.GoAsync("/account"))).AssertIs("/account/login");
        using var other = new Browser(app);
        (await other.SignInAsync(await other.GoAsync("/account"))).AssertIs("/account");
    }

    [Fact]
    public async Task No_typed_user_name_blocks_passkeys()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:FailedSignInsPerAddress", "1000"));
        using var passkey = new VirtualAuthenticator();
        using var browser = new Browser(app);
        await browser.AddPasskeyAsync(passkey);
        using var stranger = new Browser(app);
        foreach (var name in new[] { "passkey 281472812449793", "passkeys\u0000281472812449793" })
        {
            await FailAsync(app, stranger, name, 25);
        }

        using var elsewhere = new Browser(app);
        (await elsewhere.SignInAsync(await elsewhere.GoAsync("/account/login"), passkey)).AssertIs("/account");
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    public async Task A_wrong_password_writes_one_row_with_or_without_an_account(string name)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        await FailAsync(app, browser, name, 2);

        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM SignInFailures"));
        Assert.Equal(2, await app.CountAsync("SELECT Count FROM SignInFailures"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE AccessFailedCount > 0"));
    }

    private static async Task FailAsync(AuthServerApp app, Browser browser, string name, int times)
    {
        var page = await browser.GoAsync("/account/login");
        for (var count = 0; count < times; count++)
        {
            // Otherwise the limit of the address would be reached; it recovers fully in ten seconds.
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.NotEqual(HttpStatusCode.OK, (await browser.SignInAsync(page, name, "wrong-password-here")).Status);
        }
    }
}
