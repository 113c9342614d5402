using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Sessions;

/// <summary>Attacks on the cookie of a signed-in browser.</summary>
public sealed class SessionAttackTests
{
    [Fact]
    public async Task A_copy_of_an_earlier_cookie_does_not_profit_from_a_later_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        await owner.SignInAsync(await owner.GoAsync("/account"));
        using var thief = new Browser(app);
        var stolen = owner.Cookies.GetAllCookies()["AuthServer.Session"]!.Value;
        thief.Cookies.Add(app.Http.BaseAddress!, new Cookie("AuthServer.Session", stolen));
        (await thief.GoAsync("/account")).AssertIs("/account");

        await owner.SignInAsync(await owner.GoAsync("/account/login"));

        (await owner.GoAsync("/account")).AssertIs("/account");
        (await thief.GoAsync("/account")).AssertIs("/account/login");
    }

    [Fact]
    public async Task A_form_of_another_site_does_not_sign_the_user_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        using var attacker = new Browser(app);
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = app.Http.BaseAddress,
        };
        var kept = (await direct.GetAsync(new Uri("/connect/endsession", UriKind.Relative))).Headers.Location!.PathAndQuery;

        // A cross-site form comes without the Lax cookie.
        using var form = new FormUrlEncodedContent([]);
        var answer = await direct.PostAsync(new Uri(kept, UriKind.Relative), form);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
        (await browser.GoAsync("/account")).AssertIs("/account");
    }
}
