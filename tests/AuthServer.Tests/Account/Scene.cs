using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>A browser in which nobody has signed in yet.</summary>
internal sealed partial record Scene(AuthServerApp App, Browser Browser)
{
    private const string Carol = "carol@example.test";

    /// <summary>The steps that lead to each page. They type the values in <see cref="Fields"/>.</summary>
    public static readonly Dictionary<string, Func<Scene, Task<BrowserPage>>> Pages = new()
    {
        ["sign in"] = scene => scene.GoAsync("/account/login"),
        ["sign in, for an app"] = scene => scene.GoAsync(AppLogin.Orders(scene.App).Address()),
        ["sign in, after a wrong password"] = async scene =>
            await scene.Browser.SignInAsync(await scene.GoAsync("/account/login"), "alice", "wrong-password-here"),
        ["code"] = async scene =>
        {
            using var other = new Browser(scene.App);
            var (_, codes) = await TwoStepTests.TurnOnAsync(scene.App, other);
            scene.Fields["code"] = codes[0];
            return await scene.Browser.SignInAsync(await scene.GoAsync("/account/login"));
        },
        ["recovery code used"] = async scene =>
        {
            using var other = new Browser(scene.App);
            var (_, codes) = await TwoStepTests.TurnOnAsync(scene.App, other);
            return await scene.Browser.SubmitAsync(await scene.SignInAsync(AppLogin.Orders(scene.App).Address()), ("code", codes[0]));
        },
        ["register"] = scene => scene.GoAsync("/account/register"),
        ["register, sent"] = async scene => await scene.Browser.SubmitAsync(await scene.GoAsync("/account/register"), ("email", Carol)),
        ["activate"] = async scene =>
        {
            await scene.Browser.SubmitAsync(await scene.GoAsync("/account/register"), ("email", Carol));
            return await scene.GoAsync(await new Mailbox(scene.App, Carol).NextLinkAsync("/account/activate"));
        },
        ["activate, expired"] = scene => scene.GoAsync("/account/activate?token=x"),
        ["forgotten password"] = scene => scene.GoAsync("/account/forgot"),
        ["forgotten password, sent"] = async scene =>
            await scene.Browser.SubmitAsync(await scene.GoAsync("/account/forgot"), ("userName", "alice")),
        ["reset"] = async scene =>
        {
            await scene.Browser.SubmitAsync(await scene.GoAsync("/account/forgot"), ("userName", "alice"));
            return await scene.GoAsync(await new Mailbox(scene.App, "alice@example.test").NextLinkAsync("/account/reset"));
        },
        ["reset, expired"] = scene => scene.GoAsync("/account/reset?token=x"),
        ["email change, by its link"] = async scene =>
        {
            await scene.Browser.SubmitAsync(await scene.SignInAsync("/account/manage/email"), ("email", "alice@new.example"));
            return await scene.GoAsync(await new Mailbox(scene.App, "alice@example.test").NextLinkAsync("/account/email"));
        },
        ["not me"] = async scene =>
        {
            using var thief = new Browser(scene.App);
            using var passkey = new VirtualAuthenticator();
            await thief.AddPasskeyAsync(passkey);
            return await scene.GoAsync(await new Mailbox(scene.App, "alice@example.test").NextLinkAsync("/account/notme"));
        },
        ["not me, done"] = async scene => await scene.Browser.SubmitAsync(await Pages!["not me"](scene)),
        ["not me, done before"] = async scene =>
        {
            var page = await Pages!["not me"](scene);
            await scene.Browser.SubmitAsync(page);
            return await scene.GoAsync(page.Address);
        },
        ["not me, expired"] = scene => scene.GoAsync("/account/notme?token=x"),
        ["email change, expired"] = scene => scene.GoAsync("/account/email?token=x"),
        ["select"] = async scene =>
        {
            await scene.SignInAsync("/account");
            scene.App.Clock.Advance(TimeSpan.FromMinutes(1));
            return (await scene.GoAsync(AppLogin.Orders(scene.App).Address(("prompt", "select_account")))).AssertIs("/account/select");
        },
        ["consent"] = scene => scene.SignInAsync(AppLogin.Partner(scene.App).Address()),
        ["device"] = scene => scene.SignInAsync("/device"),
        ["device, question"] = scene => scene.AskDeviceAsync(),
        ["device, done"] = async scene => await scene.Browser.SubmitAsync(await scene.AskDeviceAsync(), ("answer", "yes")),
        ["sign out"] = async scene =>
        {
            await scene.SignInAsync("/account");
            return await scene.GoAsync("/account/logout");
        },
        ["signed out"] = scene => scene.GoAsync("/account/logout"),
        ["signed out, with a frame of an app"] = async scene =>
        {
            var old = new AppLogin(scene.App, "old-app", "old-app-demo-secret", "https://old.example/callback");
            (await old.RedeemAsync(old.CodeOf(await scene.SignInAsync(old.Address(("scope", "openid")))))).AssertOk();
            return await scene.Browser.SubmitAsync(await scene.GoAsync("/account/logout"));
        },
        ["account"] = scene => scene.SignInAsync("/account"),
        ["password"] = scene => scene.SignInAsync("/account/manage/password"),
        ["email"] = scene => scene.SignInAsync("/account/manage/email"),
        ["authenticator"] = async scene =>
        {
            var page = await scene.SignInAsync("/account/manage/authenticator");
            scene.Fields["code"] = TwoStepTests.AppOf(page).ComputeTotp(scene.App.Clock.GetUtcNow().UtcDateTime);
            return page;
        },
        ["authenticator, on"] = async scene =>
        {
            await TwoStepTests.TurnOnAsync(scene.App, scene.Browser);
            return await scene.GoAsync("/account/manage/authenticator");
        },
        ["recovery codes"] = async scene =>
        {
            await TwoStepTests.TurnOnAsync(scene.App, scene.Browser);
            return await scene.Browser.SubmitAsync(await scene.GoAsync("/account/manage/authenticator"), ("action", "codes"));
        },
        ["passkeys"] = async scene =>
        {
            using var passkey = new VirtualAuthenticator();
            return await scene.Browser.AddPasskeyAsync(passkey);
        },
        ["twenty passkeys"] = async scene =>
        {
            var page = await scene.SignInAsync(PasskeyPages.Manage);
            for (var count = 0; count < 20; count++)
            {
                using var passkey = new VirtualAuthenticator();
                var created = passkey.Create(await scene.Browser.OptionsAsync(page));
                page = await scene.Browser.SendNewPasskeyAsync(page, created, "Work laptop, the second one");
            }

            return await scene.GoAsync(PasskeyPages.Manage);
        },
        ["sessions"] = async scene =>
        {
            using var other = new Browser(scene.App);
            await other.SignInAsync(await other.GoAsync("/account"));
            return await scene.SignInAsync("/account/manage/sessions");
        },
        ["two hundred sessions"] = async scene =>
        {
            await scene.SignInAsync("/account");
            await scene.App.SqlAsync("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
                INSERT INTO Sessions (Id, UserId, CreatedAt, AuthenticatedAt, Methods, SecurityStamp, LastSeenAt, ExpiresAt, BrowserExpiresAt, Address, UserAgent)
                SELECT printf('0199A0C4-0000-7000-8000-%012d', i), UserId, CreatedAt, AuthenticatedAt, Methods, SecurityStamp, LastSeenAt, ExpiresAt, BrowserExpiresAt,
                    '2001:db8:1234:5678:9abc:def0:1234:5678', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0'
                FROM n, Sessions
                """);
            return await scene.GoAsync("/account/manage/sessions");
        },
        ["connected apps"] = async scene =>
        {
            await AppLogin.Orders(scene.App).CodeAsync(scene.Browser);
            return await scene.GoAsync("/account/manage/apps");
        },
        ["history"] = async scene =>
        {
            await TwoStepTests.TurnOnAsync(scene.App, scene.Browser);
            await scene.App.SqlAsync("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
                INSERT INTO AuditEvents (Id, At, ActorKind, ActorId, Action, TargetKind, TargetId, IsRefused, PersonId, Encrypted)
                SELECT printf('0199A0C4-0000-7000-8000-%012d', i), At - i * 1000000, ActorKind, ActorId,
                    CASE i % 2 WHEN 0 THEN Action ELSE 'user.data_exported' END, TargetKind, TargetId, IsRefused, PersonId, Encrypted
                FROM n, AuditEvents WHERE Action = 'user.authenticator_added'
                """);
            return await scene.GoAsync("/account/manage/history");
        },
        ["data"] = scene => scene.SignInAsync("/account/manage/data"),
        ["deleted"] = scene => scene.GoAsync("/account/deleted"),
        ["Page not found"] = scene => scene.GoAsync("/account/nothing"),
        ["wrong request of an app"] = scene => scene.GoAsync(AppLogin.Orders(scene.App).Address(("redirect_uri", "x"))),
        ["mails, in Development"] = async scene =>
        {
            await scene.Browser.SubmitAsync(await scene.GoAsync("/account/forgot"), ("userName", "alice"));
            await new Mailbox(scene.App, "alice@example.test").NextAsync();
            return await scene.GoAsync("/development/mail");
        },
    };

    /// <summary>The values that the user types, by the names of the fields.</summary>
    public Dictionary<string, string> Fields { get; } = new()
    {
        ["userName"] = "alice",
        ["password"] = "correct-horse-apple",
        ["current"] = "correct-horse-apple",
        ["new"] = "staple-battery-plum",
        ["displayName"] = "Carol Cho",
        ["email"] = Carol,
        ["isSure"] = "true",
        ["name"] = "Other",
    };

    public Task<BrowserPage> GoAsync(string address) => Browser.GoAsync(address);

    public async Task<BrowserPage> SignInAsync(string address) => await Browser.SignInAsync(await GoAsync(address));

    public async Task<BrowserPage> AskDeviceAsync() =>
        await SignInAsync(
            "/device?user_code=" + (await App.Client("console").PostAsync("/connect/device", ("scope", "openid"))).AssertOk()["user_code"]);

    /// <returns>The visible fields of the form with their values, and its first button.</returns>
    public (string, string)[] Filled(string form) =>
    [
        .. Fields.Where(field => Regex.IsMatch(form, $"<input(?![^>]*type=\"hidden\")[^>]*name=\"{field.Key}\""))
            .Select(field => (field.Key, field.Value)),
        .. Button().Matches(form).Take(1).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value)),
    ];

    [GeneratedRegex("<button[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Button();
}
