using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthServer.Administration;

namespace AuthServer.Tests.Support;

/// <summary>A server with administrators of several kinds, and an app through which they call the administration API.</summary>
internal static class AdminPlatform
{
    public const string App = "admin-tool";
    public const string Secret = "admin-tool-secret-of-32-characters";
    public const string Robot = "admin-robot";

    /// <summary>An app with all scopes that signs people in by code.</summary>
    public const string Console = "admin-console";

    public const string ConsoleAddress = "https://console.example/callback";
    public const string Password = "correct-horse-quartz";

    public static readonly string AllScopes = string.Join(' ', AdminScopes.All.Select(scope => scope.Name));

    /// <summary>
    /// root may do everything; helen (helpdesk) only things with customers; audrey only reads; rita may do everything with people, but
    /// nothing else; carol is a customer; dave has no role.
    /// </summary>
    public static async Task<AuthServerApp> StartAsync(params (string Key, string Value)[] settings)
    {
        var file = Path.Combine(Path.GetTempPath(), $"admin-platform-{Guid.CreateVersion7():N}.yaml");
        await File.WriteAllTextAsync(file, $$"""
            roles:
              - { name: owner, scopes: ["admin.*"] }
              - name: helpdesk
                scopes: [admin.users.read, admin.users.write, admin.users.credentials, admin.users.impersonate, admin.sessions.read, admin.sessions.end, admin.audit.read]
                users_in: [customer]
              - { name: reader, scopes: [admin.users.read, admin.sessions.read, admin.audit.read, admin.roles.read, admin.apps.read] }
              - { name: people, scopes: [admin.users.read, admin.users.write, admin.users.credentials, admin.sessions.read, admin.sessions.end] }
              - customer
            apps:
              - id: {{App}}
                secret: plain:{{Secret}}
                grants: [password, refresh_token]
                scopes: [openid, offline_access, {{AllScopes.Replace(" ", ", ", StringComparison.Ordinal)}}]
              - id: {{Console}}
                secret: plain:{{Secret}}
                grants: [authorization_code, refresh_token]
                redirect_uris: ["{{ConsoleAddress}}"]
                scopes: [openid, profile, offline_access, {{AllScopes.Replace(" ", ", ", StringComparison.Ordinal)}}]
              - id: {{Robot}}
                secret: plain:{{Secret}}
                grants: [client_credentials]
                scopes: [admin.users.read, admin.users.write, admin.users.credentials, admin.users.impersonate, admin.roles.write]
            users:
              - { name: root, email: root@example.test, email_confirmed: true, password: plain:{{Password}}, roles: [owner] }
              - { name: helen, email: helen@example.test, email_confirmed: true, password: plain:{{Password}}, roles: [helpdesk] }
              - { name: audrey, email: audrey@example.test, email_confirmed: true, password: plain:{{Password}}, roles: [reader] }
              - { name: rita, email: rita@example.test, email_confirmed: true, password: plain:{{Password}}, roles: [people] }
              - { name: carol, email: carol@example.test, email_confirmed: true, password: plain:{{Password}}, roles: [customer] }
              - { name: dave, email: dave@example.test, email_confirmed: true, password: plain:{{Password}} }
            """);
        try
        {
            return await AuthServerApp.StartAsync([("Platform:File", file), .. settings]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Signs in an administrator. A strong sign-in is made strong in the database, because this grant cannot ask for a code.</summary>
    public static async Task<AdminDriver> AdminAsync(this AuthServerApp app, string name, bool isStrong = true, string? scope = null)
    {
        var tokens = (await app.Client(App, Secret).SignInAsync(name, Password, $"openid offline_access {scope ?? AllScopes}")).AssertOk();
        if (isStrong)
        {
            await app.SqlAsync($"""
                UPDATE Authorizations SET Methods = 'pwd otp mfa' WHERE Subject = (SELECT lower(Id) FROM Users WHERE UserName = '{name}')
                """);
            tokens = (await app.Client(App, Secret).RefreshAsync(tokens.RefreshToken)).AssertOk();
        }

        return new AdminDriver(app.Http, tokens.AccessToken);
    }

    /// <summary>An app that acts for itself.</summary>
    public static async Task<AdminDriver> RobotAsync(this AuthServerApp app, string scope) =>
        new(app.Http, (await app.Client(Robot, Secret).ActForItselfAsync(scope)).AssertOk().AccessToken);

    public static async Task<Guid> IdOfAsync(this AuthServerApp app, string name) =>
        Guid.Parse((await app.TextAsync($"SELECT Id FROM Users WHERE UserName = '{name}'"))!);
}

/// <summary>Calls the administration API with one access token.</summary>
internal sealed class AdminDriver(HttpClient http, string? token)
{
    public const string Path = "/api/admin/v1";

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers);

    /// <summary>Changes or deletes the present version, unless <paramref name="headers"/> name another one.</summary>
    public Task<Answer> PatchAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, json, [.. headers.Length is 0 ? [("If-Match", "*")] : headers]);

    /// <inheritdoc cref="PatchAsync"/>
    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, [.. headers.Length is 0 ? [("If-Match", "*")] : headers]);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? Path + path : Path + "/" + path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (json is not null)
        {
            request.Content = new StringContent(
                json, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Answer.ReadAsync(await http.SendAsync(request));
    }
}

internal static class AdminAnswers
{
    /// <summary>Asserts that the answer is this problem (RFC 9457), and returns it.</summary>
    public static Answer AssertProblem(this Answer answer, string code, HttpStatusCode status)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/problem+json", answer.ContentType?.MediaType);
        Assert.EndsWith($"/api/admin/v1/problems/{code}", answer["type"], StringComparison.Ordinal);
        return answer;
    }

    public static Answer AssertStatus(this Answer answer, HttpStatusCode status)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
        return answer;
    }
}
