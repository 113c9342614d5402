using System.Globalization;
using System.Net;
using AuthServer.Mail;
using AuthServer.Sessions;
using AuthServer.Tests.Sessions;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.AdminApi;

/// <summary>Who gets a link to act as whom.</summary>
public sealed class ImpersonationsApiTests
{
    [Fact]
    public async Task It_is_off_by_default_and_on_it_is_named_in_the_log()
    {
        await using var off = await AdminPlatform.StartAsync();
        (await (await off.AdminAsync("root")).AskAsync(off)).AssertProblem("impersonation-off", HttpStatusCode.Forbidden);
        Assert.DoesNotContain(off.Log, line => line.Contains("Impersonation:Enabled", StringComparison.Ordinal));

        await using var on = await ImpersonationScene.StartAsync();
        Assert.Contains(on.Log, line => line.Contains("Impersonation:Enabled is set", StringComparison.Ordinal));
        var offer = (await (await on.AdminAsync("root")).AskAsync(on)).AssertStatus(HttpStatusCode.Created);
        Assert.Equal("20m", offer["duration"]);
        Assert.EndsWith($"/sessions/{offer["sessionId"]}", offer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(0, await on.SessionsAsync());

        // Known even if nobody uses the link.
        Assert.Equal(1, await on.CountAsync(
            $"SELECT count(*) FROM AuditEvents WHERE Action = 'impersonation.offered' AND ActorKind = 'Person' AND TargetId = '{offer["sessionId"]}'"));
    }

    [Fact]
    public async Task The_longest_reason_in_any_script_makes_a_link_that_works()
    {
        await using var app = await ImpersonationScene.StartAsync();
        var reason = new string('한', 200);
        var offer = (await (await app.AdminAsync("root")).AskAsync(app, reason: reason)).AssertStatus(HttpStatusCode.Created);
        Assert.InRange(offer["link"]!.Length, 1, 4000);

        using var browser = new Browser(app);
        await browser.SignInAsync("root");
        Assert.Contains(reason, (await browser.GoAsync(new Uri(offer["link"]!).PathAndQuery)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_needs_a_reason_a_fresh_second_factor_a_person_and_at_most_an_hour()
    {
        await using var app = await ImpersonationScene.StartAsync(("Impersonation:MaxDuration", "00:45:00"));
        var root = await app.AdminAsync("root");
        foreach (var reason in new[] { "", "  ", "two\nlines", new string('x', 201) })
        {
            (await root.AskAsync(app, reason: reason)).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        }

        foreach (var duration in new[] { "59s", "46m", "1h", "x", "-5m", "0s" })
        {
            (await root.AskAsync(app, duration: duration)).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        }

        var carol = await app.IdOfAsync("carol");
        (await root.PostAsync($"users/{carol}/impersonations", "{}")).AssertProblem("invalid-request", HttpStatusCode.BadRequest);
        Assert.Equal("45m", (await root.PostAsync($"users/{carol}/impersonations", """{ "reason": "x" }"""))["duration"]);

        (await (await app.AdminAsync("root", isStrong: false)).AskAsync(app))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await (await app.RobotAsync("admin.users.impersonate")).AskAsync(app))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await root.AskAsync(app)).AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_acts_as_an_administrator_a_locked_account_or_one_that_gets_no_mail()
    {
        await using var app = await ImpersonationScene.StartAsync();
        var (root, helen) = (await app.AdminAsync("root"), await app.AdminAsync("helen"));

        // audrey may only read, and root may do everything to her.
        foreach (var administrator in new[] { "audrey", "helen", "root" })
        {
            (await root.AskAsync(app, administrator)).AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        }

        (await helen.AskAsync(app, "carol")).AssertStatus(HttpStatusCode.Created);
        (await helen.AskAsync(app, "dave")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await (await app.AdminAsync("rita")).AskAsync(app)).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);

        (await root.PostAsync($"users/{await app.IdOfAsync("dave")}/lock")).AssertOk();
        (await root.AskAsync(app, "dave")).AssertProblem("conflict", HttpStatusCode.Conflict);
        await app.SqlAsync("UPDATE Users SET EmailConfirmed = 0 WHERE UserName = 'carol'");
        (await root.AskAsync(app)).AssertProblem("conflict", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_server_that_cannot_tell_the_user_offers_none()
    {
        await using var app = await ImpersonationScene.StartAsync();
        var root = await app.AdminAsync("root");

        // In Development there is always a folder.
        app.Services.GetRequiredService<IOptions<MailOptions>>().Value.Folder = null;
        (await root.AskAsync(app)).AssertProblem("impersonation-off", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_may_see_only_some_users_learns_that_somebody_acted_but_not_who_and_from_where()
    {
        await using var app = await ImpersonationScene.StartAsync();
        using var acting = await app.ActAsync();
        var (root, helen, carol) = (await app.AdminAsync("root"), await app.AdminAsync("helen"), await app.IdOfAsync("carol"));

        var seen = (await root.GetAsync($"sessions?user={carol}")).AssertOk().Json.GetProperty("items")[0];
        var administrator = seen.GetProperty("impersonatedBy").GetString()!;
        Assert.Equal((await app.IdOfAsync("root")).ToString(), administrator);
        Assert.NotNull(seen.GetProperty("address").GetString());
        var digestible = $$"""{ "action": "end", "filter": { "user": "{{carol}}" } }""";
        foreach (var answer in new[]
        {
            await helen.GetAsync($"sessions?user={carol}"),
            await helen.GetAsync($"sessions/{seen.GetProperty("id")}"),
            await helen.PostAsync("sessions:bulk", digestible),
            await helen.GetAsync($"audit?person={carol}"),
        })
        {
            Assert.Contains(ImpersonationScene.Reason, answer.AssertOk().Body, StringComparison.Ordinal);
            Assert.DoesNotContain(administrator, answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(seen.GetProperty("address").GetString()!, answer.Body, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(
            seen.GetProperty("id").GetString()!, (await helen.GetAsync("sessions?device=127.0.0.1")).AssertOk().Body, StringComparison.Ordinal);
        Assert.Equal(0, (await helen.GetAsync($"audit?actor={administrator}")).AssertOk().Json.GetProperty("items").GetArrayLength());
        Assert.NotEqual(0, (await root.GetAsync($"audit?actor={administrator}")).AssertOk().Json.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("00:00:59", false)]
    [InlineData("00:01:00", true)]
    [InlineData("01:00:00", true)]
    [InlineData("01:00:01", false)]
    public void An_hour_is_the_most_that_can_be_set(string duration, bool isAllowed)
    {
        var options = new ImpersonationOptions { MaxDuration = TimeSpan.Parse(duration, CultureInfo.InvariantCulture) };

        Assert.Equal(isAllowed, new ImpersonationOptionsValidator().Validate(null, options).Succeeded);
    }
}
