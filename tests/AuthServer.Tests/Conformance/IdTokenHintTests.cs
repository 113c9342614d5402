using System.Buffers.Text;
using System.Net;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>The <c>id_token_hint</c> of OpenID Connect Core 3.1.2.1 and of RP-Initiated Logout 1.0, 2 to 4.</summary>
public sealed class IdTokenHintTests
{
    private const string Bye = "https://orders.example/bye";

    public static TheoryData<string> Forgeries => ["made-up", "unsigned", "changed", "access-token"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Core_3_1_2_2_A_forged_hint_gets_no_code_for_the_signed_in_user(string kind)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        var page = await browser.GoAsync(orders.Address(("prompt", "none"), ("id_token_hint", Forge(kind, answer))));

        page.AssertRefused("invalid_request");
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Rfc9126_A_pushed_request_with_a_forged_hint_is_refused(string kind)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        (await orders.Client.PostAsync("/connect/par", orders.Parameters(("id_token_hint", Forge(kind, answer)))))
            .AssertRefused("invalid_request");
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Logout_4_A_forged_hint_leads_nobody_to_the_app_and_signs_nobody_out(string kind)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        var page = await browser.GoAsync(
            EndSession(("id_token_hint", Forge(kind, answer)), ("client_id", "orders"), ("post_logout_redirect_uri", Bye)));

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));
    }

    [Fact]
    public async Task A_genuine_hint_is_accepted_even_after_its_expiry()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var hint = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk()["id_token"]!;
        app.Clock.Advance(TimeSpan.FromHours(2));

        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none"), ("id_token_hint", hint)))));
        Assert.Equal(Bye, (await browser.GoAsync(EndSession(("id_token_hint", hint), ("post_logout_redirect_uri", Bye)))).Location);
    }

    [Fact]
    public async Task Logout_2_Without_hint_and_client_there_is_no_redirect_but_the_user_can_sign_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var nobody = await browser.GoAsync(EndSession(("post_logout_redirect_uri", Bye)));
        await orders.CodeAsync(browser);
        var page =
            await browser.SubmitAsync((await browser.GoAsync(EndSession(("post_logout_redirect_uri", Bye)))).AssertIs("/account/logout"));

        Assert.Null(nobody.Location);
        Assert.Contains("You’re signed out", page.AssertIs("/account/logout").Text, StringComparison.Ordinal);
        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertRefused("login_required");
    }

    [Fact]
    public async Task Logout_2_With_only_the_hint_of_another_sign_in_the_user_is_asked_and_then_redirected()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var other = new Browser(app);
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var hint = (await orders.RedeemAsync(await orders.CodeAsync(other))).AssertOk()["id_token"]!;
        await orders.CodeAsync(browser);

        var page = (await browser.GoAsync(EndSession(("id_token_hint", hint), ("post_logout_redirect_uri", Bye))))
            .AssertIs("/account/logout");

        Assert.Contains("client_id=orders", page.Address, StringComparison.Ordinal);
        Assert.Equal(Bye, (await browser.SubmitAsync(page)).Location);
    }

    private static string EndSession(params (string Name, string Value)[] query) =>
        "/connect/endsession?" + string.Join('&', query.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));

    private static string Forge(string kind, Answer answer)
    {
        var parts = answer["id_token"]!.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        return kind switch
        {
            "unsigned" => Encode("""{"alg":"none","typ":"JWT"}""") + $".{parts[1]}.",
            "changed" =>
                $"{parts[0]}.{Encode(claims.Replace("\"name\":\"alice\"", "\"name\":\"bob\"", StringComparison.Ordinal))}.{parts[2]}",
            "access-token" => answer.AccessToken,
            _ => kind,
        };

        static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }
}
