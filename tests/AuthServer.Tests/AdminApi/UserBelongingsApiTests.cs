using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The passkeys and consents of users in the administration API, over HTTP.</summary>
public sealed class UserBelongingsApiTests
{
    [Fact]
    public async Task A_passkey_is_removed_and_sign_ins_continue()
    {
        await using var app = await AdminPlatform.StartAsync();
        using var browser = new Browser(app);
        await browser.AddPasskeyAsync(new VirtualAuthenticator());
        var (root, alice) = (await app.AdminAsync("root"), await app.IdOfAsync("alice"));
        var passkey = Assert.Single((await root.GetAsync($"users/{alice}/passkeys")).AssertOk().Json.GetProperty("items").EnumerateArray());
        Assert.Equal("My laptop", passkey.GetProperty("name").GetString());

        foreach (var id in new[] { "bm9uZQ", "no base64!" })
        {
            (await root.DeleteAsync($"users/{alice}/passkeys/{Uri.EscapeDataString(id)}")).AssertProblem("not-found", HttpStatusCode.NotFound);
        }

        (await root.DeleteAsync($"users/{alice}/passkeys/{passkey.GetProperty("id")}")).AssertStatus(HttpStatusCode.NoContent);

        Assert.Empty((await root.GetAsync($"users/{alice}/passkeys")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("/account", (await browser.GoAsync("/account")).Path);
        Assert.Equal(
            1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.passkey_removed' AND ActorKind = 'Person'"));
    }

    [Fact]
    public async Task A_consent_is_withdrawn_and_the_app_signed_out()
    {
        await using var app = await AdminPlatform.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var page = await browser.SignInAsync(await browser.GoAsync(partner.Address()));
        var tokens = (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes"))))).AssertOk();
        var (root, alice) = (await app.AdminAsync("root"), await app.IdOfAsync("alice"));

        var consent = Assert.Single((await root.GetAsync($"users/{alice}/consents")).AssertOk().Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("partner", "Partner"), (consent.GetProperty("app").GetString(), consent.GetProperty("name").GetString()));
        Assert.Contains("notes.read", consent.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        (await root.DeleteAsync($"users/{alice}/consents/orders")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await root.DeleteAsync($"users/{alice}/consents/nothing")).AssertProblem("not-found", HttpStatusCode.NotFound);

        (await root.DeleteAsync($"users/{alice}/consents/partner")).AssertStatus(HttpStatusCode.NoContent);

        Assert.Empty((await root.GetAsync($"users/{alice}/consents")).Json.GetProperty("items").EnumerateArray());
        (await partner.Client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal(
            1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'consent.withdrawn' AND ActorKind = 'Person'"));
    }

    [Fact]
    public async Task An_administrator_of_some_users_finds_nothing_of_others()
    {
        await using var app = await AdminPlatform.StartAsync();
        var (root, helen, rita) = (await app.AdminAsync("root"), await app.AdminAsync("helen"), await app.AdminAsync("rita"));
        var (carol, dave, me) = (await app.IdOfAsync("carol"), await app.IdOfAsync("dave"), await app.IdOfAsync("root"));

        foreach (var thing in new[] { "passkeys", "consents", "history" })
        {
            (await helen.GetAsync($"users/{carol}/{thing}")).AssertOk();
            (await helen.GetAsync($"users/{dave}/{thing}")).AssertProblem("not-found", HttpStatusCode.NotFound);
        }

        (await helen.DeleteAsync($"users/{dave}/passkeys/bm9uZQ")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await helen.DeleteAsync($"users/{dave}/consents/orders")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await rita.DeleteAsync($"users/{me}/passkeys/bm9uZQ")).AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        (await rita.DeleteAsync($"users/{me}/consents/orders")).AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        (await (await app.AdminAsync("root", isStrong: false)).DeleteAsync($"users/{carol}/passkeys/bm9uZQ"))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await (await app.AdminAsync("audrey")).DeleteAsync($"users/{carol}/consents/orders"))
            .AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await root.GetAsync($"users/{Guid.CreateVersion7()}/consents")).AssertProblem("not-found", HttpStatusCode.NotFound);
    }
}
