using System.Net;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.SupportCodes;

/// <summary>The code of an error page or a mail finds the cause.</summary>
public sealed class ErrorTraceTests
{
    [Theory]
    [InlineData("redirect_uri", "https://evil.example/", "error.shown invalid_request", "redirect_uri", "orders")]
    [InlineData("client_id", "nobody-knows-this-app", "error.shown invalid_request", "client_id", null)]
    public async Task A_wrong_request_of_an_app_is_explained(string parameter, string value, string step, string about, string? client)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync(AppLogin.Orders(app).Address((parameter, value)));

        var found = Assert.Single(await Traces.StepsAsync(app, Traces.CodeOn(page)));
        Assert.Equal(step, Traces.Short([found]).Single());
        Assert.Contains($"'{about}'", found.Words, StringComparison.Ordinal);
        Assert.Equal(client, found.Step.ClientId);
        Assert.DoesNotContain(value, found.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_in_both_languages_what_the_code_is_for()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var korean = new Browser(app, language: "ko");
        using var english = new Browser(app, language: "en");

        Assert.Contains("지원 코드", (await korean.GoAsync("/account/nothing")).Text, StringComparison.Ordinal);
        Assert.Contains("If you ask for help", (await english.GoAsync("/account/nothing")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_has_expired_is_found_with_its_earlier_steps()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync(AppLogin.Orders(app).Address()), password: "wrong");
        var code = Traces.CodeOn(page);
        app.Clock.Advance(TimeSpan.FromHours(2));

        var over = await browser.SignInAsync(page);
        var back = await browser.GoAsync(browser.Passed.First(passed => passed.Location!.Contains("request_uri", StringComparison.Ordinal)).Location!);

        Assert.Equal((code, code), (Traces.CodeOn(over), Traces.CodeOn(back)));
        Assert.Equal(
            ["sign_in.asked nobody_signed_in", "sign_in.refused wrong_password", "error.shown request_over", "error.shown request_over"],
            Traces.Short(await Traces.StepsAsync(app, code, 4)));
    }

    [Fact]
    public async Task An_unknown_page_and_a_failure_of_the_server_are_told_apart()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var missing = Traces.CodeOn(await browser.GoAsync("/account/nothing"));
        await app.SqlAsync("""ALTER TABLE "Users" RENAME TO "Gone" """);
        var broken = await browser.SignInAsync(await browser.GoAsync("/account/login"));

        Assert.Equal(HttpStatusCode.InternalServerError, broken.Status);
        await app.SqlAsync("""ALTER TABLE "Gone" RENAME TO "Users" """);
        Assert.Equal(["error.shown not_found"], Traces.Short(await Traces.StepsAsync(app, missing)));
        Assert.Equal(["error.shown failed"], Traces.Short(await Traces.StepsAsync(app, Traces.CodeOn(broken))));
        Assert.Contains(
            app.Log, line => line.Contains($"\"SupportCode\":\"{Traces.CodeOn(broken)}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_that_is_refused_or_too_late_is_a_step()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SubmitAsync(await browser.GoAsync(AppLogin.Orders(app).Address()), ("userName", "alice"));
        var code = Traces.CodeOn(page);

        await browser.PostAsync(page.Address, [KeyValuePair.Create("userName", "alice"), KeyValuePair.Create("form", "forged")]);

        Assert.Equal(
            ["sign_in.asked nobody_signed_in", "form.refused NothingTyped", "form.expired"], Traces.Short(await Traces.StepsAsync(app, code, 3)));
    }

    [Fact]
    public async Task A_mail_has_the_code_of_the_page_that_asked_for_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "alice"));

        var mail = await new Mailbox(app, "alice@example.test").NextAsync();
        Assert.Contains($"Support code: {Traces.CodeOn(page)}", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(Traces.CodeOn(page), mail.HtmlBody, StringComparison.Ordinal);
        var step = Assert.Single(await Traces.StepsAsync(app, Traces.CodeOn(page)));
        Assert.Equal(("mail.written ResetPassword", "alice"), (Traces.Short([step]).Single(), step.User));
    }

    [Fact]
    public async Task A_person_who_got_no_mail_has_a_code_that_says_why()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "nobody-has-this-name"));

        Assert.Equal(["mail.omitted unknown_account"], Traces.Short(await Traces.StepsAsync(app, Traces.CodeOn(page))));
    }

    [Fact]
    public async Task A_wrong_code_is_refused_and_an_unknown_one_is_told()
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync("trace", "0000-0000")).AssertFailed("Nothing is kept under the support code 0000-0000");
        (await cli.RunAsync("trace", "oooo", "ilil", "--json")).AssertFailed("Nothing is kept under the support code 0000-1111");
        (await cli.RunAsync("trace", "ABC")).AssertFailed("'ABC' is not a support code.");
        (await cli.RunAsync("trace", "UUUU-UUUU")).AssertFailed("'UUUU-UUUU' is not a support code.");
    }
}
