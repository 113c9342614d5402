using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Sessions;

/// <summary>A session in which an administrator acts as a user: what its tokens say, and how long it lasts.</summary>
public sealed class ImpersonationTests
{
    [Fact]
    public async Task Every_token_names_the_administrator_and_none_says_that_the_user_has_authenticated()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();
        var (root, carol) = ((await app.IdOfAsync("root")).ToString(), (await app.IdOfAsync("carol")).ToString());
        var orders = AppLogin.Orders(app);

        var first = (await orders.RedeemAsync(orders.CodeOf(await browser.GoAsync(orders.Address())))).AssertOk();
        var second = (await orders.Client.RefreshAsync(first.RefreshToken)).AssertOk();

        foreach (var token in new[] { first.AccessToken, first["id_token"]!, second.AccessToken, second["id_token"]! })
        {
            var claims = Jwt.Read(token).Claims;
            Assert.Equal(carol, claims.GetProperty("sub").GetString());
            AssertActor(claims);
            Assert.True(claims.TryGetProperty("sid", out _));
            foreach (var claim in new[] { "acr", "amr", "auth_time" })
            {
                Assert.False(claims.TryGetProperty(claim, out _), claim);
            }
        }

        foreach (var token in new[] { second.AccessToken, second.RefreshToken })
        {
            var told = (await orders.Client.IntrospectAsync(token)).AssertOk();
            Assert.Equal("True", told["active"]);
            AssertActor(told.Json);
        }

        AssertActor((await orders.Client.UserInfoAsync(second.AccessToken)).AssertOk().Json);

        // A sign-in of the user has none.
        using var own = new Browser(app);
        var login = AppLogin.Orders(app);
        var tokens = (await login.RedeemAsync(await login.CodeAsync(own, "carol", AdminPlatform.Password))).AssertOk();
        Assert.False(Jwt.Read(tokens.AccessToken).Claims.TryGetProperty("act", out _));
        Assert.False((await orders.Client.UserInfoAsync(tokens.AccessToken)).AssertOk().Json.TryGetProperty("act", out _));

        void AssertActor(JsonElement claims)
        {
            var actor = claims.GetProperty("act");
            Assert.Equal(JsonValueKind.Object, actor.ValueKind);
            Assert.Equal(root, actor.GetProperty("sub").GetString());
        }
    }

    [Fact]
    public async Task Nothing_of_it_outlives_its_time()
    {
        await using var app = await ImpersonationScene.StartAsync(("Connect:AccessTokenLifetime", "00:15:00"));
        using var browser = await app.ActAsync();
        var end = app.Clock.GetUtcNow() + TimeSpan.FromMinutes(20);
        var orders = AppLogin.Orders(app);
        var tokens = (await orders.RedeemAsync(orders.CodeOf(await browser.GoAsync(orders.Address())))).AssertOk();
        Assert.InRange(Jwt.Read(tokens.AccessToken).Instant("exp"), end - TimeSpan.FromMinutes(6), end - TimeSpan.FromMinutes(4));

        app.Clock.Advance(TimeSpan.FromMinutes(10));
        tokens = (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
        Assert.InRange(Jwt.Read(tokens.AccessToken).Instant("exp"), end - TimeSpan.FromSeconds(5), end);
        Assert.InRange(Jwt.Read(tokens["id_token"]!).Instant("exp"), end - TimeSpan.FromSeconds(5), end);
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE ImpersonatorId IS NOT NULL AND ExpiresAt = BrowserExpiresAt"));

        app.Clock.Advance(TimeSpan.FromMinutes(9));
        var code = orders.CodeOf(await browser.GoAsync(orders.Address()));
        var late = (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        (await orders.Client.RefreshAsync(late.RefreshToken)).AssertRefused("invalid_grant");
        (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        (await orders.RedeemAsync(code)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await orders.Client.IntrospectAsync(late.AccessToken)).AssertOk()["active"]);
        (await browser.GoAsync("/account")).AssertIs("/account/login");
        (await browser.GoAsync(orders.Address())).AssertIs("/account/login");
    }

    [Theory]
    [InlineData("the role is taken", "DELETE FROM UserRoles WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'helen')")]
    [InlineData("the scope is taken", "DELETE FROM RoleClaims WHERE ClaimValue = 'admin.users.impersonate'")]
    [InlineData("the administrator is locked", "UPDATE Users SET DisabledAt = 1 WHERE UserName = 'helen'")]
    [InlineData("the administrator is deleted", "DELETE FROM Users WHERE UserName = 'helen'")]
    [InlineData("the administrator's credentials change", "UPDATE Users SET SecurityStamp = 'x' WHERE UserName = 'helen'")]
    [InlineData("the administrator's sign-in ends", "UPDATE Sessions SET EndedAt = 1 WHERE Id = (SELECT ImpersonatorSessionId FROM Sessions WHERE ImpersonatorId IS NOT NULL)")]
    [InlineData("the user leaves the delegation", "DELETE FROM UserRoles WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'carol')")]
    [InlineData("the user is locked", "UPDATE Users SET DisabledAt = 1 WHERE UserName = 'carol'")]
    [InlineData("the user's credentials change", "UPDATE Users SET SecurityStamp = 'x' WHERE UserName = 'carol'")]
    [InlineData("the user becomes an administrator", "INSERT INTO UserRoles (UserId, RoleId) SELECT u.Id, r.Id FROM Users u, Roles r WHERE u.UserName = 'carol' AND r.Name = 'reader'")]
    public async Task It_ends_when(string what, string change)
    {
        await using var app = await ImpersonationScene.StartAsync();
        var orders = AppLogin.Orders(app);
        using var one = await app.ActAsync("helen");
        var tokens = (await orders.RedeemAsync(orders.CodeOf(await one.GoAsync(orders.Address())))).AssertOk();
        var code = orders.CodeOf(await one.GoAsync(orders.Address()));

        await app.SqlAsync(change);

        Assert.True((await orders.Client.IntrospectAsync(tokens.AccessToken))["active"] is "False", what);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await orders.Client.UserInfoAsync(tokens.AccessToken)).Status);
        (await orders.RedeemAsync(code)).AssertRefused("invalid_grant");
        (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        (await one.GoAsync("/account")).AssertIs("/account/login");
    }

    [Theory]
    [InlineData("impersonation_over", 20, "SELECT 1")]
    [InlineData("impersonation_not_allowed", 0, "DELETE FROM RoleClaims WHERE ClaimValue = 'admin.users.impersonate'")]
    public async Task Without_any_request_it_is_ended_within_seconds_so_that_apps_are_told(string reason, int minutes, string change)
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync("helen");
        var orders = AppLogin.Orders(app);
        orders.CodeOf(await browser.GoAsync(orders.Address()));
        await app.SqlAsync(change);
        app.Clock.Advance(TimeSpan.FromMinutes(minutes));

        const string Ended = "SELECT COUNT(*) FROM AuditEvents WHERE Action = 'impersonation.ended' AND ActorKind = 'System'";
        for (var patience = 0; await app.CountAsync(Ended) is 0; patience++)
        {
            Assert.True(patience < 100, "it has not ended");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50);
        }

        Assert.Equal(reason, await app.TextAsync("SELECT EndReason FROM Sessions WHERE ImpersonatorId IS NOT NULL"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Status = 'valid' AND SessionId = (SELECT Id FROM Sessions WHERE ImpersonatorId IS NOT NULL)"));
    }

    [Fact]
    public async Task Switching_it_off_ends_what_has_begun()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();
        await using var off = AuthServerApp.Beside(app);
        using var same = new Browser(off, cookies: browser.CopyOfCookies());

        (await same.GoAsync("/account")).AssertIs("/account/login");
        (await browser.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal(
            "impersonation_not_allowed", await app.TextAsync("SELECT EndReason FROM Sessions WHERE ImpersonatorId IS NOT NULL"));
    }

    [Fact]
    public async Task A_version_that_knows_no_impersonation_refuses_the_session()
    {
        // Such a version compares the stamps, for a cookie, a code, a refresh and an introspection alike.
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();

        Assert.Equal(1, await app.CountAsync("""
            SELECT COUNT(*) FROM Sessions JOIN Users ON Users.Id = Sessions.UserId
            WHERE Sessions.ImpersonatorId IS NOT NULL AND Sessions.SecurityStamp <> Users.SecurityStamp
            """));
    }

    [Fact]
    public async Task It_gives_no_power_over_the_administration_and_no_token_of_it_is_taken_there()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = await app.ActAsync();
        var console = app.Console();
        var page = await browser.GoAsync(console.Address(("scope", "openid offline_access admin.users.read admin.users.write")));
        var tokens = (await console.RedeemAsync(console.CodeOf(page))).AssertOk();

        Assert.Equal("openid offline_access", tokens["scope"]);
        Assert.DoesNotContain("admin", Jwt.Read(tokens.AccessToken).Value("scope"), StringComparison.Ordinal);

        // Even if the user had power and the token the scopes, there is 'act'.
        await app.SqlAsync("UPDATE Authorizations SET Scopes = '[\"openid\",\"offline_access\",\"admin.users.read\"]' WHERE Scopes LIKE '%offline%'");
        tokens = (await console.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
        Assert.Contains("admin.users.read", tokens["scope"], StringComparison.Ordinal);
        (await new AdminDriver(app.Http, tokens.AccessToken).GetAsync("me"))
            .AssertProblem("invalid-token", System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_console_that_asked_for_it_stays_signed_in_and_the_end_of_that_sign_in_ends_it()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var browser = new Browser(app);
        var console = app.Console();
        var page = await browser.GoAsync(console.Address(("scope", "openid offline_access admin.users.impersonate")));
        var tokens = (await console.RedeemAsync(console.CodeOf(await browser.SignInAsync(page, "root", AdminPlatform.Password)))).AssertOk();
        await app.SqlAsync("UPDATE Authorizations SET Methods = 'pwd otp mfa'");
        tokens = (await console.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
        var link = new Uri((await new AdminDriver(app.Http, tokens.AccessToken).AskAsync(app))["link"]!).PathAndQuery;
        (await browser.SubmitAsync(await browser.GoAsync(link))).AssertIs("/account");

        tokens = (await console.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
        (await browser.GoAsync("/account")).AssertIs("/account");

        var root = await app.AdminAsync("root");
        (await root.PostAsync($"sessions/{Jwt.Read(tokens.AccessToken).Value("sid")}/end")).AssertOk();
        (await browser.GoAsync("/account")).AssertIs("/account/login");
    }
}
