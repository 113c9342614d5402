using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Back-Channel Logout 1.0: every cause that ends a sign-in is reported to the app that has it.</summary>
public sealed class BackChannelLogoutCausesTests
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const string NewPassword = "staple-battery-plum";

    private static readonly Dictionary<string, Func<Scene, Task>> Causes = new()
    {
        ["another password on the account page"] = async scene =>
            await scene.ManageAsync("password", ("current", Scene.Password), ("new", NewPassword)),
        ["a password reset by mail"] = async scene =>
        {
            await scene.Elsewhere.SubmitAsync(await scene.Elsewhere.GoAsync("/account/forgot"), ("userName", "alice"));
            await scene.Elsewhere.SubmitAsync(
                await scene.Elsewhere.GoAsync(await scene.Mailbox.NextLinkAsync("/account/reset")), ("new", NewPassword));
        },
        ["another email address"] = async scene =>
        {
            await scene.ManageAsync("email", ("email", "alice@new.example"));
            using var reader = new Browser(scene.App);
            foreach (var mailbox in new[] { scene.Mailbox, new Mailbox(scene.App, "alice@new.example") })
            {
                await reader.SubmitAsync(await reader.GoAsync(await mailbox.NextLinkAsync("/account/email")));
            }
        },
        ["two-step sign-in, set up"] = scene => TwoStepTests.TurnOnAsync(scene.App, scene.Elsewhere),
        ["two-step sign-in, taken away"] = async scene =>
        {
            var (_, codes) = await TwoStepTests.TurnOnAsync(scene.App, scene.Browser);
            var page = await scene.Elsewhere.SignInAsync(await scene.Elsewhere.GoAsync("/account/manage/authenticator"));
            await scene.Elsewhere.SubmitAsync(page, ("code", codes[0]));
            await scene.Elsewhere.SubmitAsync(await scene.Elsewhere.GoAsync("/account/manage/authenticator"), ("action", "remove"));
        },
        ["the account, deleted"] = async scene => await scene.ManageAsync("data", ("password", Scene.Password), ("isSure", "true")),
        ["the app, no longer wanted"] = async scene => await scene.ManageAsync("apps"),
        ["ended on the sessions page"] = async scene => await scene.ManageAsync("sessions", ("id", scene.SessionId)),
        ["all others ended on the sessions page"] = async scene => await scene.ManageAsync("sessions", ("others", "true")),
        ["another person in the same browser"] = async scene =>
            await scene.Browser.SignInAsync(await scene.Browser.GoAsync("/account/login"), "bob", "correct-horse-birch"),
        ["the code, used again"] = async scene => (await scene.Orders.RedeemAsync(scene.Code)).AssertRefused("invalid_grant"),
        ["a refresh token, used again"] = async scene =>
        {
            (await scene.Orders.Client.RefreshAsync(scene.Tokens.RefreshToken)).AssertOk();
            scene.App.Clock.Advance(TimeSpan.FromMinutes(1));
            (await scene.Orders.Client.RefreshAsync(scene.Tokens.RefreshToken)).AssertRefused("invalid_grant");
        },
        ["an account found locked"] = async scene =>
        {
            await scene.App.SqlAsync("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'alice'");
            (await scene.Orders.Client.RefreshAsync(scene.Tokens.RefreshToken)).AssertRefused("invalid_grant");
        },
        ["session end"] = scene => scene.RunAsync("session", "end", "--user", "alice", "--yes"),
        ["user lock"] = scene => scene.RunAsync("user", "lock", "alice"),
        ["user passwd"] = scene => scene.RunAsync("user", "passwd", "alice"),
    };

    public static TheoryData<string> Names => [.. Causes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_app_gets_a_logout_token(string cause)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, "orders");
        using var browser = new Browser(app);
        using var elsewhere = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);
        var tokens = (await orders.RedeemAsync(code)).AssertOk();
        var identity = Jwt.Read(tokens["id_token"]!);

        await Causes[cause](new Scene(app, browser, elsewhere, orders, code, tokens));

        // The server notices the changes of another process at its next poll.
        var token = await receiver.NextTokenAsync(passing: app);
        var keys = new JsonWebKeySet(await app.Http.GetStringAsync(new Uri("/.well-known/jwks", UriKind.Relative)));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidTypes = ["logout+jwt"],
            ValidIssuer = "http://localhost:8400/",
            ValidAudience = "orders",
            IssuerSigningKeys = keys.GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) => expires > app.Clock.GetUtcNow().UtcDateTime,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal((identity.Value("sub"), identity.Value("sid")), (Jwt.Read(token).Value("sub"), Jwt.Read(token).Value("sid")));
        Assert.True(Jwt.Read(token).Claims.GetProperty("events").TryGetProperty(Event, out _));
    }

    /// <summary>Alice is signed in to Orders in <paramref name="Browser"/>.</summary>
    /// <param name="Elsewhere">Another browser of hers.</param>
    private sealed record Scene(AuthServerApp App, Browser Browser, Browser Elsewhere, AppLogin Orders, string Code, Answer Tokens)
    {
        public const string Password = "correct-horse-apple";

        public string SessionId => Jwt.Read(Tokens.AccessToken).Value("sid");

        public Mailbox Mailbox { get; } = new(App, "alice@example.test");

        /// <summary>She signs in in the other browser and sends a form of this page, with her password or answer in it.</summary>
        public async Task ManageAsync(string page, params (string, string)[] fields)
        {
            var form = await Elsewhere.SignInAsync(await Elsewhere.GoAsync("/account/manage/" + page));
            await Elsewhere.SubmitAsync(page is "data"
                ? form with { Html = "<main" + form.Html[form.Html.LastIndexOf("<form", StringComparison.Ordinal)..] }
                : form, fields);
        }

        public async Task RunAsync(params string[] command)
        {
            using var cli = new Cli { DatabasePath = App.DatabasePath };
            (await cli.RunAsync(NewPassword + "\n", command)).AssertOk();
        }
    }
}
