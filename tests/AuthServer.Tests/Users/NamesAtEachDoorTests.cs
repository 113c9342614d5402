using System.Net;
using AuthServer.Tests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Users;

public sealed class NamesAtEachDoorTests
{
    private const string Password = "staple-battery-plum";

    [Theory]
    [InlineData("o'hara@example.test")]
    [InlineData("a!#$%&'*+-/=?^_`{|}~z@example.test")]
    public async Task An_address_with_any_allowed_characters_gets_an_account_and_signs_in(string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", $" {address} "));

        var page = await browser.SubmitAsync(
            await browser.GoAsync(await new Mailbox(app, address).NextLinkAsync()), ("displayName", "O'Hara"), ("new", Password));

        page.AssertIs("/account");
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync($" {address.ToUpperInvariant()} ", Password)).AssertOk();
    }

    [Theory]
    [InlineData(" Alice@Example.test ")]
    [InlineData("ａｌｉｃｅ@example.test")]
    [InlineData("alice@ｅｘａｍｐｌｅ.test")]
    public async Task Another_spelling_of_an_address_with_an_account_creates_no_second_one(string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", address));

        Assert.Equal("/account/login", await new Mailbox(app, "alice@example.test").NextLinkAsync());
    }

    [Fact]
    public async Task A_name_that_looks_like_anothers_or_mixes_scripts_is_refused_wherever_an_account_is_created()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();

        // All Cyrillic; with a Turkish i; Cyrillic and Latin; an unproblematic Cyrillic name.
        Assert.Equal("UserNameLooksLikeAnother", await TryAsync("аӏісе"));
        Assert.Equal("UserNameLooksLikeAnother", await TryAsync("alıce"));
        Assert.Equal("UserNameMixesScripts", await TryAsync("аlice"));
        Assert.Equal("", await TryAsync("алиса"));

        // Addresses, with domains: in Latin; in Cyrillic and Latin, twice; all Cyrillic, but like a Latin one; unproblematic ones.
        Assert.Equal("", await TryAsync("eve@cope.test"));
        Assert.Equal("UserNameMixesScripts", await TryAsync("eve@cоpe.test"));
        Assert.Equal("UserNameMixesScripts", await TryAsync("eve@xn--cpe-tdd.test"));
        Assert.Equal("UserNameLooksLikeAnother", await TryAsync("eve@соре.test"));
        Assert.Equal("", await TryAsync("eve@москва.test"));
        Assert.Equal("", await TryAsync("eve@한국.test"));

        async Task<string> TryAsync(string name)
        {
            var email = name.Contains('@', StringComparison.Ordinal) ? name : $"{Guid.CreateVersion7():N}@example.test";
            var user = new User { UserName = name, Email = email, CreatedAt = app.Clock.GetUtcNow() };
            return string.Concat((await users.CreateAsync(user, Password)).Errors.Select(error => error.Code));
        }
    }

    [Theory]
    [InlineData("foo@bar")]
    [InlineData("Alice <alice@example.test>")]
    [InlineData("ali\u200Bce@example.test")]
    public async Task An_address_that_cannot_receive_mail_is_refused_at_registration_and_change(string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var registration = await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", address));
        var change = await browser.SubmitAsync(
            await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", address));

        Assert.All([registration, change], page => Assert.Equal(HttpStatusCode.BadRequest, page.Status));
        Assert.All([registration, change], page => Assert.Contains("We can’t send email to this address", page.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" alice ")]
    [InlineData("ＡＬＩＣＥ")]
    [InlineData("\u00A0Alice@EXAMPLE.test\u3000")]
    public async Task The_password_grant_and_the_page_find_the_same_account(string typed)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(typed, "correct-horse-apple")).AssertOk();
        (await browser.SignInAsync(await browser.GoAsync("/account"), typed)).AssertIs("/account");
    }

    [Fact]
    public async Task The_command_line_and_the_platform_file_accept_names_in_any_script_and_one_spelling_of_each()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync(Password, ["user", "add", "josé", "--email", " Jose@Example.test "])).AssertOk();
        var file = cli.Write("platform.yaml", """
            users:
              - { name: 김철수, email: kim@example.test }
              - { name: "d'arcy", email: "d'arcy@example.test" }
            """);
        (await cli.RunAsync("apply", file)).AssertOk();

        (await cli.RunAsync(Password, ["user", "add", "JOSE\u0301", "--email", "other@example.test"])).AssertFailed("already taken");
        (await cli.RunAsync("apply", cli.Write("bad.yaml", """
            users:
              - { name: two words, email: a b@example.test }
              - { name: kim, email: kim@bücher.example }
              - { name: ＫＩＭ, email: kim@xn--bcher-kva.example }
            """))).AssertFailed("'name' of a user must be");
        var list = (await cli.RunAsync("user", "list")).AssertOk().Output;
        Assert.Contains("jose@", list, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("김철수", list, StringComparison.Ordinal);
    }
}
