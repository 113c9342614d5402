using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>What each operation of the administration API needs before its example can be sent.</summary>
internal sealed class AdminExampleStage : IDisposable
{
    private readonly AuthServerApp app;
    private readonly LogoutReceiver receiver;
    private readonly Browser alice;
    private int number;

    private AdminExampleStage(AuthServerApp app, LogoutReceiver receiver, AdminDriver root)
    {
        (this.app, this.receiver, alice, Root) = (app, receiver, new Browser(app), root);
        Cases = new(StringComparer.Ordinal)
        {
            ["showMe"] = Nothing,
            ["listEvents"] = Nothing,
            ["exportEvents"] = Nothing,
            ["listUserEvents"] = UserAsync,
            ["exportPlatform"] = Nothing,
            ["listUsers"] = Nothing,
            ["addUser"] = Nothing,
            ["showUser"] = UserAsync,
            ["changeUser"] = UserAsync,
            ["deleteUser"] = UserAsync,
            ["lockUser"] = UserAsync,
            ["unlockUser"] = LockedUserAsync,
            ["setUserPassword"] = UserAsync,
            ["inviteUser"] = UserAsync,
            ["resetUserFactors"] = UserAsync,
            ["giveUserRole"] = async () => [.. await UserAsync(), "customer"],
            ["takeUserRole"] = CustomerAsync,
            ["impersonateUser"] = () => MakeAsync(
                "users", $$"""{ "email": "user{{++number}}@example.test", "emailConfirmed": true }""", "id"),
            ["listUserPasskeys"] = async () => [(await PasskeyAsync())[0]],
            ["deleteUserPasskey"] = PasskeyAsync,
            ["listUserConsents"] = async () => [(await ConsentAsync())[0]],
            ["deleteUserConsent"] = ConsentAsync,
            ["listSessions"] = async () => { await SessionAsync(); return []; },
            ["showSession"] = SessionAsync,
            ["endSession"] = SessionAsync,
            ["endSessions"] = async () => { await SessionAsync(); return []; },
            ["changeUsers"] = async () => { await UserAsync(); return []; },
            ["listChangedUsers"] = () => MakeAsync(
                "users:bulk", """{ "action": "lock", "filter": { "prefix": "user" } }""", "digest", HttpStatusCode.OK),
            ["listEndedSessions"] = () => MakeAsync(
                "sessions:bulk", """{ "action": "end", "filter": { "app": "orders" } }""", "digest", HttpStatusCode.OK),
            ["listRoles"] = Nothing,
            ["addRole"] = Nothing,
            ["showRole"] = () => Named("customer"),
            ["changeRole"] = RoleAsync,
            ["deleteRole"] = RoleAsync,
            ["listApps"] = Nothing,
            ["addApp"] = Nothing,
            ["showApp"] = () => Named(Seed.Orders),
            ["changeApp"] = AppAsync,
            ["deleteApp"] = AppAsync,
            ["disableApp"] = AppAsync,
            ["enableApp"] = AppAsync,
            ["listAppSecrets"] = AppAsync,
            ["addAppSecret"] = AppAsync,
            ["deleteAppSecret"] = SecretAsync,
            ["listScopes"] = Nothing,
            ["addScope"] = Nothing,
            ["showScope"] = () => Named("notes.read"),
            ["changeScope"] = ScopeAsync,
            ["deleteScope"] = ScopeAsync,
            ["listKeys"] = Nothing,
            ["rotateKeys"] = Nothing,
            ["revokeKey"] = AnnouncedKeyAsync,
            ["listMails"] = async () => { await MailAsync(); return []; },
            ["retryMail"] = MailAsync,
            ["listLogoutNotices"] = async () => { await NoticeAsync(); return []; },
            ["retryLogoutNotice"] = NoticeAsync,
        };
    }

    /// <summary>By <c>operationId</c>: creates what the operation needs, and returns the values of its path's parameters.</summary>
    public Dictionary<string, Func<Task<string[]>>> Cases { get; }

    public AdminDriver Root { get; }

    public static async Task<AdminExampleStage> SetAsync(AuthServerApp app)
    {
        var receiver = await LogoutReceiver.OfAsync(app, Seed.Orders);
        receiver.Status = HttpStatusCode.Found;
        return new AdminExampleStage(app, receiver, await app.AdminAsync("root"));
    }

    public void Dispose()
    {
        receiver.Dispose();
        alice.Dispose();
    }

    private static Task<string[]> Nothing() => Named();

    private static Task<string[]> Named(params string[] values) => Task.FromResult(values);

    private Task<string[]> UserAsync() => MakeAsync("users", $$"""{ "email": "user{{++number}}@example.test" }""", "id");

    private async Task<string[]> LockedUserAsync()
    {
        var user = await UserAsync();
        (await Root.PostAsync($"users/{user[0]}/lock")).AssertOk();
        return user;
    }

    private async Task<string[]> CustomerAsync() =>
        [.. await MakeAsync("users", $$"""{ "email": "user{{++number}}@example.test", "roles": ["customer"] }""", "id"), "customer"];

    private async Task<string[]> PasskeyAsync()
    {
        await alice.AddPasskeyAsync(new VirtualAuthenticator());
        var id = await app.IdOfAsync("alice");
        return [$"{id}", await FirstAsync($"users/{id}/passkeys")];
    }

    private async Task<string[]> ConsentAsync()
    {
        var page = await alice.GoAsync(AppLogin.Partner(app).Address());
        page = page.Path is "/account/login" ? await alice.SignInAsync(page) : page;
        if (page.Location is null)
        {
            await alice.SubmitAsync(page, ("answer", "yes"));
        }

        return [$"{await app.IdOfAsync("alice")}", "partner"];
    }

    private async Task<string[]> SessionAsync()
    {
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("carol", AdminPlatform.Password)).AssertOk();
        return [await FirstAsync($"sessions?app={Seed.Orders}")];
    }

    private Task<string[]> RoleAsync() => MakeAsync("roles", $$"""{ "name": "role{{++number}}" }""", "name");

    private Task<string[]> AppAsync() => MakeAsync("apps", $$"""
        { "id": "app{{++number}}", "grants": ["authorization_code"], "redirectUris": ["https://app.example/callback"], "scopes": ["openid"] }
        """, "id");

    private async Task<string[]> SecretAsync()
    {
        // The last secret of an app cannot be deleted.
        var added = await AppAsync();
        return [.. added, .. await MakeAsync($"apps/{added[0]}/secrets", """{ "name": "second" }""", "id")];
    }

    private Task<string[]> ScopeAsync() => MakeAsync("scopes", $$"""
        { "name": "scope{{++number}}", "description": { "en": "See it" }, "resources": ["https://api.example.com"] }
        """, "name");

    private async Task<string[]> AnnouncedKeyAsync() =>
        [(await Root.PostAsync("keys/rotate", "{}")).AssertOk().Json.GetProperty("items")[0].GetProperty("id").GetString()!];

    // The mail server does not run.
    private async Task<string[]> MailAsync()
    {
        (await Root.PostAsync($"users/{(await UserAsync())[0]}/invite")).AssertStatus(HttpStatusCode.NoContent);
        return [await FirstAsync("mails")];
    }

    private async Task<string[]> NoticeAsync()
    {
        (await Root.PostAsync($"sessions/{(await SessionAsync())[0]}/end")).AssertOk();
        return [await FirstAsync("logout-notices")];
    }

    private async Task<string[]> MakeAsync(string path, string body, string field, HttpStatusCode status = HttpStatusCode.Created) =>
        [(await Root.PostAsync(path, body)).AssertStatus(status)[field]!];

    private async Task<string> FirstAsync(string path) =>
        (await Root.GetAsync(path)).AssertOk().Json.GetProperty("items")[0].GetProperty("id").GetString()!;
}
