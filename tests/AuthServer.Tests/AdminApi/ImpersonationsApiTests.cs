using System.Globalization;
using System.Net;
using AuthServer.Sessions;
using AuthServer.Tests.Sessions;
using AuthServer.Tests.Support;

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
